package io.argmind.solver.ortools;

import org.jspecify.annotations.Nullable;

/**
 * Lets other threads stop a running solve. The native object is only touched between {@link
 * #attach} and {@link #detach}, under a lock that both take: whoever deletes the object detaches
 * first.
 */
public final class StopSwitch {
    private @Nullable Runnable stop;
    private boolean running;
    private boolean pressed;

    /** A solve begins; what was pressed before does not count. */
    public synchronized void begin() {
        running = true;
        pressed = false;
    }

    /**
     * From now on a press runs {@code newStop}. If it was pressed already, the caller should not
     * start the native solver, which clears its own flag first.
     *
     * @return whether to go on
     */
    public synchronized boolean attach(Runnable newStop) {
        stop = newStop;
        return !pressed;
    }

    /** The native object is about to go; the solve may attach another. */
    public synchronized void detach() {
        stop = null;
    }

    /** The solve is over. */
    public synchronized void end() {
        stop = null;
        running = false;
    }

    /** Whether the solve that began last was asked to stop. */
    public synchronized boolean isPressed() {
        return pressed;
    }

    public synchronized void press() {
        pressed = running;
        if (stop != null) {
            stop.run();
        }
    }
}
