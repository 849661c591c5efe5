package io.argmind.linalg;

import java.util.function.BooleanSupplier;

/**
 * How many bytes of the heap large factorizations may take together; who needs more than is left
 * waits for the others. Only what grows faster than its problem has to ask: fill-in turns a program
 * of a few megabytes into one of gigabytes.
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

    /** Bytes in use, until they are given back by closing. */
    public final class Share implements AutoCloseable {
        private long bytes;

        private Share(long bytes) {
            this.bytes = bytes;
        }

        @Override
        public void close() {
            synchronized (WorkingMemory.this) {
                used -= bytes;
                bytes = 0;
                WorkingMemory.this.notifyAll();
            }
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
     * Takes bytes, as soon as they are there.
     *
     * @param stopped looked at while waiting; true ends it
     * @throws NotEnoughMemoryException if there are never so many, or the wait was ended
     */
    public synchronized Share take(long bytes, BooleanSupplier stopped) {
        if (bytes > capacity) {
            throw new NotEnoughMemoryException(
                    "a factorization needs "
                            + bytes
                            + " bytes, more than the "
                            + capacity
                            + " that all together may take");
        }
        while (used + bytes > capacity) {
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
        return new Share(bytes);
    }
}
