package io.argmind.dispatch;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How far a request has come. Whether it begins before its deadline is decided once: then all of it
 * is done, otherwise nothing. Who waits may leave.
 */
final class Progress {
    private static final long OPEN = -1;
    private static final long MISSED = -2;

    private final long deadlineNanos;
    private final long submitted = System.nanoTime();
    private final AtomicLong waited = new AtomicLong(OPEN);
    private final CountDownLatch left;
    private volatile boolean abandoned;

    /**
     * @param parts how many there are
     */
    Progress(int parts, long deadlineNanos) {
        this.left = new CountDownLatch(parts);
        this.deadlineNanos = deadlineNanos;
    }

    /** Whether a part of the request may begin now. */
    boolean mayBegin() {
        long now = System.nanoTime();
        boolean late = deadlineNanos - now <= 0;
        waited.compareAndSet(OPEN, late ? MISSED : Math.max(0, now - submitted));
        return !isMissed() && !abandoned;
    }

    private boolean isMissed() {
        return waited.get() == MISSED;
    }

    /** A part has been done, or failed, or may not begin. */
    void partEnded() {
        left.countDown();
    }

    boolean isAbandoned() {
        return abandoned;
    }

    /**
     * Waits for all parts, or for the deadline if none begins before it. One wait for everything:
     * every time that a thread wakes up here, it takes the place of one that solves.
     *
     * @return whether the parts have been done; if not, none ever begins
     * @throws CancelledException if the calling thread is interrupted, which it stays
     */
    boolean awaitAll() {
        try {
            boolean ended = left.await(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (!ended && !waited.compareAndSet(OPEN, MISSED) && !isMissed()) {
                left.await();
            }
            return !isMissed();
        } catch (InterruptedException e) {
            abandoned = true;
            Thread.currentThread().interrupt();
            throw new CancelledException();
        }
    }

    /** Until the first part began. */
    long waitedNanos() {
        return Math.max(0, waited.get());
    }
}
