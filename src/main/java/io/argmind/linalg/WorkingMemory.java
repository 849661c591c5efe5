package io.argmind.linalg;

import java.util.function.BooleanSupplier;

/**
 * How many bytes of the heap sparse factorizations may take together; who needs more than is left
 * waits for the others. Only what can grow far beyond its problem has to ask: fill-in turns a
 * program of a few megabytes into one of gigabytes.
 */
public final class WorkingMemory {
    /** A quarter of the heap. */
    public static final WorkingMemory OF_THIS_JVM =
            new WorkingMemory(Runtime.getRuntime().maxMemory() / 4);

    private static final long LOOK_AROUND_MILLIS = 20;

    private final long capacity;
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
         * @throws NotEnoughMemoryException if there are never so many, or the wait was ended
         */
        public void take(long more) {
            WorkingMemory.this.take(more, stopped);
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

    private synchronized void take(long bytes, BooleanSupplier stopped) {
        if (bytes > capacity) {
            throw new NotEnoughMemoryException(
                    "a factorization needs "
                            + bytes
                            + " bytes, more than the "
                            + capacity
                            + " that all together may take");
        }
        while (bytes > capacity - used) {
            if (stopped.getAsBoolean()) {
                throw new NotEnoughMemoryException(
                        "other factorizations had the memory that this one waited for");
            }
            try {
                wait(LOOK_AROUND_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new NotEnoughMemoryException(
                        "interrupted while other factorizations had the memory");
            }
        }
        used += bytes;
    }

    private synchronized void giveBack(long bytes) {
        used -= bytes;
        notifyAll();
    }
}
