package io.argmind.solver.ojalgo;

import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.Session;
import io.argmind.solver.WarmStart;
import org.jspecify.annotations.Nullable;

/**
 * What the sessions share: the switch for {@link #cancel()}, and that no exception of ojAlgo gets
 * out.
 */
abstract class OjalgoSession implements Session {
    private volatile @Nullable Run running;

    @Override
    public final Claim solve(Program program, @Nullable WarmStart warm, Limits limits) {
        if (hasCrossedBounds(program)) {
            return Claim.none(Status.INFEASIBLE, 0, "a lower bound exceeds its upper bound");
        }
        Run run = new Run(limits);
        running = run;
        try {
            return solve(program, warm, limits, run);
        } catch (RuntimeException _) { // of many kinds, for matrices that ojAlgo cannot factor
            return run.isOver()
                    ? run.unfinished(0)
                    : Claim.none(Status.NUMERICAL_ERROR, 0, "ojAlgo broke down");
        } finally {
            running = null;
        }
    }

    abstract Claim solve(Program program, @Nullable WarmStart warm, Limits limits, Run run);

    @Override
    public final void cancel() {
        Run run = running;
        if (run != null) {
            run.cancel();
        }
    }

    @Override
    public void close() {}

    private static boolean hasCrossedBounds(Program program) {
        for (int i = 0; i < program.n(); i++) {
            if (program.lb()[i] > program.ub()[i]) {
                return true;
            }
        }
        return false;
    }
}
