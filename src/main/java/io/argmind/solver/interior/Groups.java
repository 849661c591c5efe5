package io.argmind.solver.interior;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Groups that nobody uses now, with the analysis of their structure and all of their memory, so
 * that a training loop pays for both once. Bounded by bytes; the oldest go first.
 */
final class Groups {
    private static final long MAX_BYTES = 512L << 20;

    private final Deque<LaneGroup> idle = new ArrayDeque<>();
    private long bytes;

    /** A group for a structure, used before or new. */
    LaneGroup take(Structure structure) {
        synchronized (idle) {
            for (Iterator<LaneGroup> all = idle.iterator(); all.hasNext(); ) {
                LaneGroup group = all.next();
                if (group.structure().equals(structure)) {
                    all.remove();
                    bytes -= group.bytes();
                    return group;
                }
            }
        }
        return new LaneGroup(structure);
    }

    void giveBack(LaneGroup group) {
        synchronized (idle) {
            idle.addFirst(group);
            bytes += group.bytes();
            while (bytes > MAX_BYTES) {
                bytes -= idle.removeLast().bytes();
            }
        }
    }
}
