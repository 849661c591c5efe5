package io.argmind.solver.ojalgo;

import io.argmind.solution.Claim;
import io.argmind.solver.WarmStart;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.ojalgo.array.ArrayR064;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.structure.Access1D;

/**
 * ojAlgo's ADMM, a port of OSQP that its builder uses where the option {@code experimental} is set.
 */
final class Admm {
    /** ojAlgo's own ceiling. */
    static final int MOST_ITERATIONS = 8000;

    private final Run run;
    private final Best best;
    private final QpRows rows;
    private boolean noOptimum;

    Admm(Run run, Best best, QpRows rows) {
        this.run = run;
        this.best = best;
        this.rows = rows;
    }

    /** An optimum, or null if there is none to show. */
    @Nullable Claim solve(@Nullable WarmStart warm) {
        Optimisation.Options options = run.phase(MOST_ITERATIONS);
        options.experimental = true;
        Optimisation.Result result =
                rows.builder().build(options).solve(warm == null ? null : start(warm));
        noOptimum = result.getState() == Optimisation.State.INFEASIBLE;
        Access1D<?> dual = result.getDualSolution().map(Supplier::get).orElse(null);
        return noOptimum || dual == null
                ? null
                : best.offer(rows.readPoint(result), rows.readDuals(dual));
    }

    /** Whether it said so; its INFEASIBLE means infeasible or unbounded. */
    boolean saysNoOptimum() {
        return noOptimum;
    }

    private Optimisation.Result start(WarmStart warm) {
        Optimisation.Result at =
                Optimisation.Result.of(0, Optimisation.State.FEASIBLE, rows.writePoint(warm.x()));
        double[] y = warm.y();
        double[] z = warm.z();
        double[] zBox = warm.zBox();
        if (y == null || z == null || zBox == null) {
            return at;
        }
        ArrayR064 dual = ArrayR064.wrap(rows.writeDuals(y, z, zBox));
        return at.withDualSolution(() -> dual);
    }
}
