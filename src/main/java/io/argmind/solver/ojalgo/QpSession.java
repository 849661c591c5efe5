package io.argmind.solver.ojalgo;

import io.argmind.linalg.Vectors;
import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.WarmStart;
import org.jspecify.annotations.Nullable;

/**
 * Methods that fail on different programs, tried until the residuals confirm an answer: the active
 * set with two scalings, exact but slow from some 40 variables on, and ADMM, which is quick there
 * but gives 1e-3 for 1e-8 on a few programs that are badly scaled or degenerate, and cannot tell
 * infeasible from unbounded. Without a confirmed answer the least bad one goes to the verifier.
 */
final class QpSession extends OjalgoSession {
    /** From here on ADMM is tried first. */
    static final int CROSSOVER = 40;

    /**
     * As {@link #CROSSOVER} with a guess, which saves the active set most of its iterations and
     * ADMM few.
     */
    private static final int WARM_CROSSOVER = 60;

    /** The active set needs minutes for more. */
    private static final int MOST_FOR_ACTIVE_SET = 500;

    private @Nullable WarmStart last;

    @Override
    Claim solve(Program program, @Nullable WarmStart warm, Limits limits, Run run) {
        WarmStart guess = warm != null && Vectors.allFinite(warm.x()) ? warm : null;
        Claim claim = attempt(program, guess, limits, run);
        last =
                claim.status() == Status.OPTIMAL && claim.x() != null
                        ? new WarmStart(claim.x(), claim.y(), claim.z(), claim.zBox())
                        : null;
        return claim;
    }

    @Override
    public Claim resolve(Program program, Limits limits) {
        return solve(program, last, limits);
    }

    private static Claim attempt(
            Program program, @Nullable WarmStart warm, Limits limits, Run run) {
        Best best = new Best(program, limits.tolerance(), run);
        Scaling equilibrated = Scaling.equilibrate(program, 1);
        Scaling plain = Scaling.rows(program);
        Admm admm = new Admm(program, plain, run, best);
        ActiveSet first = new ActiveSet(program, equilibrated, run, best, 1e-5);
        ActiveSet second = new ActiveSet(program, plain, run, best, 1e-4);
        boolean few = program.n() < (warm == null ? CROSSOVER : WARM_CROSSOVER);
        boolean many = program.n() > MOST_FOR_ACTIVE_SET;
        Claim claim = few ? first.solve(warm) : admm.solve(warm);
        claim = claim != null || many || run.isOver() ? claim : (few ? second : first).solve(warm);
        claim =
                claim != null || many || run.isOver()
                        ? claim
                        : few ? admm.solve(warm) : second.solve(warm);
        if (claim != null) {
            return claim;
        }
        if (run.isOver() || limits.maxIterations() < Admm.MOST_ITERATIONS) {
            return Answer.stopped(run.unfinished(Admm.MOST_ITERATIONS), best.answer());
        }
        return verdict(best.answer(), admm.saysNoOptimum(), many, run);
    }

    /** Whoever gets this confirms it, so that a likely verdict is better than none. */
    private static Claim verdict(@Nullable Answer best, boolean noOptimum, boolean many, Run run) {
        if (noOptimum) {
            // the active set finds infeasible programs itself
            return Claim.none(many ? Status.INFEASIBLE : Status.UNBOUNDED, 0, null);
        }
        return best != null ? best.claim(Status.NUMERICAL_ERROR) : run.unfinished(0);
    }
}
