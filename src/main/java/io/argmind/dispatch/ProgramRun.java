package io.argmind.dispatch;

import io.argmind.lpgd.linear.LinearOracle;
import io.argmind.lpgd.linear.Minimum;
import io.argmind.problem.Program;
import io.argmind.problem.Programs;
import io.argmind.solution.Residuals;
import io.argmind.solution.Solution;
import io.argmind.solution.Status;
import io.argmind.solver.LadderSession;
import io.argmind.solver.WarmStart;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request's work for the feasible sets of programs. */
final class ProgramRun extends LinearRun<LadderSession> {
    private static final Logger LOG = LoggerFactory.getLogger(ProgramRun.class);

    private final Programs programs;

    ProgramRun(
            Workers workers,
            Workers.Opening<LadderSession> opening,
            Programs programs,
            SolveOptions options) {
        super(workers, opening, options);
        this.programs = programs;
    }

    @Override
    LinearOracle oracle(Chunk<LadderSession> chunk) {
        return new LinearOracle() {
            @Override
            public Minimum minimize(int instance, double[] cost) {
                return minimizeAll(instance, List.of(cost)).getFirst();
            }

            @Override
            public List<Minimum> minimizeAll(int instance, List<double[]> costs) {
                Program program = programs.instance(instance);
                List<Program> all = costs.stream().map(program::withCost).toList();
                return solve(all, chunk).stream().map(ProgramRun::minimum).toList();
            }

            @Override
            public boolean isOver() {
                return options.isOver();
            }
        };
    }

    /** None starts from another's solution: answers do not depend on who was there before. */
    private List<Solution> solve(List<Program> all, Chunk<LadderSession> chunk) {
        if (options.isOver()) {
            return failed(all, Status.TIME_LIMIT, TOO_LATE);
        }
        List<@Nullable WarmStart> cold = Collections.nCopies(all.size(), null);
        try {
            return chunk.get().solveAll(all, cold, chunk.limits(options));
        } catch (RuntimeException e) {
            LOG.error("a solve with noisy costs failed unexpectedly", e);
            return failed(all, Status.NUMERICAL_ERROR, BROKEN);
        }
    }

    private static List<Solution> failed(List<Program> all, Status status, String detail) {
        return Collections.nCopies(all.size(), Solution.failed(status, 0, detail));
    }

    private static Minimum minimum(Solution solution) {
        Solution.Point point = solution.point();
        Residuals residuals = solution.residuals();
        double nothing = Double.NaN;
        return new Minimum(
                solution.status(),
                point == null ? null : point.x(),
                point == null ? nothing : point.objective(),
                residuals == null ? nothing : residuals.primal(),
                residuals == null ? nothing : residuals.gap(),
                solution.status() == Status.OPTIMAL && residuals != null
                        ? residuals.max()
                        : nothing,
                solution.iterations(),
                solution.detail(),
                false);
    }
}
