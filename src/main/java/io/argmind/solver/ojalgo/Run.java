package io.argmind.solver.ojalgo;

import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import org.ojalgo.OjAlgoUtils;
import org.ojalgo.optimisation.Optimisation;

/**
 * The limits of one solve, in ojAlgo's terms, and the switch that ends it.
 *
 * <p>ojAlgo's loops ask before every iteration whether the milliseconds and iterations of their
 * options are used up, and do so through volatile and atomic reads. Setting both to zero from
 * another thread therefore ends a solve at its next iteration, on whichever thread it runs; unlike
 * an interrupt it leaves no mark on the thread.
 */
final class Run {
    private static final String VERSION = OjAlgoUtils.getVersion();

    static {
        // One solve per thread of ours: ojAlgo must not split matrices over threads of its own.
        OjAlgoUtils.limitThreadsTo(1);
    }

    private final Limits limits;
    private volatile Optimisation.Options current = new Optimisation.Options();
    private volatile boolean cancelled;

    Run(Limits limits) {
        this.limits = limits;
    }

    static String version() {
        return VERSION;
    }

    /** Fresh options for the next phase of this solve, ended by what is left of the time. */
    Optimisation.Options phase(long ownIterationLimit) {
        Optimisation.Options options = new Optimisation.Options();
        options.iterations_abort = (int) Math.min(limits.maxIterations(), ownIterationLimit);
        options.iterations_suffice = options.iterations_abort;
        options.time_abort = (long) Math.max(0, Math.ceil(limits.secondsLeft() * 1e3));
        options.time_suffice = options.time_abort;
        current = options;
        if (cancelled) {
            stop(options);
        }
        return options;
    }

    /** Ends the running phase soon, and later ones at once. Any thread. */
    void cancel() {
        cancelled = true;
        stop(current);
    }

    private static void stop(Optimisation.Options options) {
        options.time_abort = 0;
        options.iterations_abort = 0;
    }

    /**
     * Whether nothing more should be started, nor believed of a phase that may have been cut short.
     */
    boolean isOver() {
        return cancelled || limits.isOver();
    }

    /** What ended a solve that reached no verdict. */
    Claim unfinished(long ownIterationLimit) {
        if (cancelled) {
            return Claim.none(Status.TIME_LIMIT, 0, "cancelled");
        }
        if (limits.isOver()) {
            return Claim.none(Status.TIME_LIMIT, 0, null);
        }
        return limits.maxIterations() < ownIterationLimit
                ? Claim.none(Status.ITERATION_LIMIT, 0, null)
                : Claim.none(Status.NUMERICAL_ERROR, 0, "did not converge");
    }
}
