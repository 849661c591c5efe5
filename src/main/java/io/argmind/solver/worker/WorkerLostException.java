package io.argmind.solver.worker;

/** The process that was asked has ended, or could not be started. */
final class WorkerLostException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean stuck;

    /**
     * A worker is gone.
     *
     * @param stuck whether it was ended because it worked on past its time
     */
    WorkerLostException(String message, boolean stuck) {
        super(message);
        this.stuck = stuck;
    }

    boolean isStuck() {
        return stuck;
    }
}
