package io.argmind.dispatch;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Decides once whether a request begins before its deadline: then all of it is done, otherwise
 * nothing. Who waits may leave.
 */
final class Start {
    private static final long OPEN = -1;
    private static final long MISSED = -2;

    private final long deadlineNanos;
    private final long submitted = System.nanoTime();
    private final AtomicLong waited = new AtomicLong(OPEN);
    private final CountDownLatch decided = new CountDownLatch(1);
    private volatile boolean abandoned;

    Start(long deadlineNanos) {
        this.deadlineNanos = deadlineNanos;
    }

    /** Whether a part of the request may begin now. */
    boolean isAllowed() {
        long now = System.nanoTime();
        boolean late = deadlineNanos - now <= 0;
        waited.compareAndSet(OPEN, late ? MISSED : Math.max(0, now - submitted));
        decided.countDown();
        return waited.get() != MISSED && !abandoned;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    /** Whoever waited was interrupted, and stays so. */
    CancelledException abandon() {
        abandoned = true;
        Thread.currentThread().interrupt();
        return new CancelledException();
    }

    /**
     * Waits until something begins, or the deadline.
     *
     * @throws CancelledException if the calling thread is interrupted
     */
    boolean happensInTime() {
        try {
            boolean known = decided.await(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            return !(known ? waited.get() == MISSED : waited.compareAndSet(OPEN, MISSED));
        } catch (InterruptedException e) {
            throw abandon();
        }
    }

    /** Until the first part began. */
    long waitedNanos() {
        return Math.max(0, waited.get());
    }
}
