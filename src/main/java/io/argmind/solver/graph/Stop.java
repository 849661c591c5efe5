package io.argmind.solver.graph;

import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.Selection;

/** Whether a running solve should end: because its time is over, or because somebody asked. */
final class Stop {
    private volatile boolean pressed;
    private long deadlineNanos;

    /**
     * A solve begins.
     *
     * @return whether there is time for it
     */
    boolean begin(Limits limits) {
        pressed = false;
        deadlineNanos = limits.deadlineNanos();
        return !limits.isOver();
    }

    /** To be asked now and again; a few dozen nanoseconds. */
    boolean isDue() {
        return pressed || System.nanoTime() - deadlineNanos >= 0;
    }

    /** Called by other threads. */
    void press() {
        pressed = true;
    }

    Selection withoutAnswer(long iterations) {
        return Selection.none(Status.TIME_LIMIT, iterations, pressed ? "cancelled" : null);
    }

    static Selection late() {
        return Selection.none(Status.TIME_LIMIT, 0, null);
    }

    String reason() {
        return pressed ? "cancelled" : "the time limit was reached";
    }
}
