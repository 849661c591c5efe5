package io.argmind.solver.ojalgo;

import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solver.WarmStart;
import org.jspecify.annotations.Nullable;
import org.ojalgo.optimisation.Optimisation;

/**
 * ojAlgo's ADMM, a port of OSQP that its builder uses where the option {@code experimental} is set.
 */
final class Admm {
    /** ojAlgo's own ceiling. */
    static final int MOST_ITERATIONS = 8000;

    private final Run run;
    private final Best best;
    private final Scaling scaling;
    private final Program program; // scaled
    private boolean noOptimum;

    Admm(Program program, Scaling scaling, Run run, Best best) {
        this.run = run;
        this.best = best;
        this.scaling = scaling;
        this.program = scaling.scale(program);
    }

    /** An optimum, or null if there is none to show. */
    @Nullable Claim solve(@Nullable WarmStart warm) {
        Optimisation.Options options = run.phase(MOST_ITERATIONS);
        options.experimental = true;
        QpRows rows = QpRows.all(program);
        Optimisation.Result start = warm == null ? null : rows.start(scaling.scale(warm));
        Optimisation.Result result = rows.builder().build(options).solve(start);
        noOptimum = result.getState() == Optimisation.State.INFEASIBLE;
        Answer answer = rows.read(result);
        return noOptimum || answer == null ? null : best.offer(answer, scaling, program);
    }

    /** Whether it said so; its INFEASIBLE means infeasible or unbounded. */
    boolean saysNoOptimum() {
        return noOptimum;
    }
}
