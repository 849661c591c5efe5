package io.argmind.dispatch;

import io.argmind.lpgd.linear.LinearOracle;
import io.argmind.lpgd.linear.Minimum;
import io.argmind.lpgd.linear.Parallel;
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

/** One request's work for the feasible sets of programs, spread over the solver threads. */
final class ProgramRun implements Parallel {
    private static final Logger LOG = LoggerFactory.getLogger(ProgramRun.class);

    private final Rounds<LadderSession> rounds;
    private final Programs programs;
    private final SolveOptions options;

    ProgramRun(
            Workers workers,
            Workers.Opening<LadderSession> opening,
            Programs programs,
            SolveOptions options) {
        this.rounds = new Rounds<>(workers, opening, options);
        this.programs = programs;
        this.options = options;
    }

    /** What became of all work so far. */
    Workers.Done done() {
        return rounds.done();
    }

    @Override
    public <R> List<R> map(int count, Work<R> work) {
        return rounds.forEach(count, (k, chunk) -> work.run(k, new OnThread(chunk)));
    }

    /** A chunk's back-ends, whose failures are answers. */
    private final class OnThread implements LinearOracle {
        private final Chunk<LadderSession> chunk;

        private OnThread(Chunk<LadderSession> chunk) {
            this.chunk = chunk;
        }

        @Override
        public Minimum minimize(int instance, double[] cost) {
            return minimizeAll(instance, List.of(cost)).getFirst();
        }

        /** None starts from another's solution: answers do not depend on who was there before. */
        @Override
        public List<Minimum> minimizeAll(int instance, List<double[]> costs) {
            Program program = programs.instance(instance);
            List<Program> all = costs.stream().map(program::withCost).toList();
            return solve(all).stream().map(OnThread::minimum).toList();
        }

        private List<Solution> solve(List<Program> all) {
            if (isOver()) {
                return failed(
                        all,
                        Status.TIME_LIMIT,
                        "the deadline of the request passed before this solve was begun");
            }
            List<@Nullable WarmStart> cold = Collections.nCopies(all.size(), null);
            try {
                return chunk.get().solveAll(all, cold, chunk.limits(options));
            } catch (RuntimeException e) {
                LOG.error("a solve with noisy costs failed unexpectedly", e);
                return failed(
                        all,
                        Status.NUMERICAL_ERROR,
                        "internal error in the solver; it has been logged");
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

        @Override
        public boolean isOver() {
            return options.isOver();
        }
    }
}
