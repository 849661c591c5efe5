package io.argmind.linalg;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.BooleanSupplier;

/**
 * How many bytes of the heap the solver threads may work in together; who needs more than is left
 * waits for the others, in the order of asking, so that the large are not passed by the small for
 * ever. Only what can grow far beyond its problem has to ask: factors of sparse matrices, groups of
 * programs in lanes, dense systems. Nobody who holds some may wait for more: two of them would wait
 * for each other.
 */
public final class WorkingMemory {
    /** A quarter of the heap. */
    public static final WorkingMemory OF_THIS_JVM =
            new WorkingMemory(Runtime.getRuntime().maxMemory() / 4);

    private static final long LOOK_AROUND_MILLIS = 20;

    private final long capacity;
    private final Queue<Share> waiting = new ArrayDeque<>();
    private long used;

    public WorkingMemory(long capacity) {
        this.capacity = capacity;
    }

    /** What one piece of work has taken. Closing gives it back, however the work ended. */
    public final class Share implements AutoCloseable {
        private final BooleanSupplier stopped;
        private long bytes;

        private Share(BooleanSupplier stopped) {
            this.stopped = stopped;
        }

        /**
         * Takes bytes, as soon as they are there.
         *
         * @throws NotEnoughMemoryException if there are never so many
         * @throws StoppedException if the wait was ended
         */
        public void take(long more) {
            WorkingMemory.this.take(more, this);
            bytes += more;
        }

        @Override
        public void close() {
            giveBack(bytes);
            bytes = 0;
        }
    }

    /** All there are. */
    public long capacity() {
        return capacity;
    }

    /** Those in use. */
    public synchronized long used() {
        return used;
    }

    /**
     * Nothing yet, for one thread.
     *
     * @param stopped looked at while waiting; true ends that
     */
    public Share open(BooleanSupplier stopped) {
        return new Share(stopped);
    }

    private synchronized void take(long bytes, Share share) {
        if (bytes > capacity) {
            throw new NotEnoughMemoryException(
                    "it needs "
                            + bytes
                            + " bytes to work in, more than the "
                            + capacity
                            + " that all together may take");
        }
        if (!waiting.isEmpty() || bytes > capacity - used) {
            waiting.add(share);
            try {
                await(bytes, share);
            } finally {
                waiting.remove(share);
                notifyAll(); // the next in line may fit beside this one, or in its place
            }
        }
        used += bytes;
    }

    @SuppressWarnings("ReferenceEquality") // a share stands in line once
    private void await(long bytes, Share share) {
        while (waiting.peek() != share || bytes > capacity - used) {
            if (share.stopped.getAsBoolean()) {
                throw new StoppedException("others had the memory that it waited for");
            }
            try {
                wait(LOOK_AROUND_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoppedException("interrupted while others had the memory");
            }
        }
    }

    private synchronized void giveBack(long bytes) {
        used -= bytes;
        notifyAll();
    }
}
