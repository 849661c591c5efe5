package io.argmind.solver.interior;

import io.argmind.linalg.WorkingMemory;
import io.argmind.problem.Program;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Groups for those who solve, and those that nobody uses now, with the analysis of their structure
 * and all of their memory, so that a training loop pays for both once. What is in use takes working
 * memory; what is idle is bounded by bytes, and the oldest go first.
 */
final class Groups {
    private static final long MOST_IDLE = 512L << 20;

    private final WorkingMemory memory;
    private final long idleBytes;
    private final Deque<LaneGroup> idle = new ArrayDeque<>();
    private long bytes;

    /** Idle groups may take half of the working memory beside it, up to 512 MB. */
    Groups(WorkingMemory memory) {
        this(memory, Math.min(MOST_IDLE, memory.capacity() / 2));
    }

    /**
     * @param memory of the groups in use
     * @param idleBytes what the others may take
     */
    Groups(WorkingMemory memory, long idleBytes) {
        this.memory = memory;
        this.idleBytes = idleBytes;
    }

    /** A group at work. Closing leaves it to whoever comes next, without its programs. */
    final class Lent implements AutoCloseable {
        private final WorkingMemory.Share share;
        private final LaneGroup group;

        private Lent(WorkingMemory.Share share, LaneGroup group) {
            this.share = share;
            this.group = group;
        }

        LaneGroup group() {
            return group;
        }

        @Override
        public void close() {
            group.forget();
            leave(group);
            share.close();
        }
    }

    /** Whether programs like this one are solved in lanes, and there is memory for a group. */
    boolean haveLanes(Program program) {
        return Structure.hasLanes(program, memory.capacity());
    }

    /**
     * A group for a structure, used before or new, as soon as there is memory for it.
     *
     * @param last the one to be had if nobody else has it: a core's cache may still hold it
     * @param stopped ends the wait
     * @throws io.argmind.linalg.StoppedException if it did
     */
    Lent take(Structure structure, @Nullable LaneGroup last, BooleanSupplier stopped) {
        WorkingMemory.Share share = memory.open(stopped);
        share.take(structure.bytesAtWork());
        try {
            LaneGroup known = find(structure, last);
            return new Lent(share, known == null ? new LaneGroup(structure) : known);
        } catch (Throwable e) {
            share.close();
            throw e;
        }
    }

    private @Nullable LaneGroup find(Structure structure, @Nullable LaneGroup last) {
        synchronized (idle) {
            if (last != null && last.structure().equals(structure) && idle.remove(last)) {
                bytes -= last.bytes();
                return last;
            }
            for (Iterator<LaneGroup> all = idle.iterator(); all.hasNext(); ) {
                LaneGroup group = all.next();
                if (group.structure().equals(structure)) {
                    all.remove();
                    bytes -= group.bytes();
                    return group;
                }
            }
            return null;
        }
    }

    private void leave(LaneGroup group) {
        synchronized (idle) {
            idle.addFirst(group);
            bytes += group.bytes();
            while (bytes > idleBytes) {
                bytes -= idle.removeLast().bytes();
            }
        }
    }
}
