package io.argmind.dispatch;

import io.argmind.lpgd.linear.LinearOracle;
import io.argmind.lpgd.linear.Minimum;
import io.argmind.lpgd.linear.Parallel;
import io.argmind.problem.discrete.Discrete;
import io.argmind.solution.Status;
import io.argmind.solution.discrete.DiscreteSolution;
import io.argmind.solver.Limits;
import io.argmind.solver.OracleLadder;
import io.argmind.solver.OraclePlan;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request's work for oracles, spread over the solver threads. */
final class OracleRun implements Parallel {
    private static final Logger LOG = LoggerFactory.getLogger(OracleRun.class);

    private final Rounds<OracleLadder> rounds;
    private final SolveOptions options;

    OracleRun(Workers workers, OraclePlan plan, Discrete set, SolveOptions options) {
        this.rounds = new Rounds<>(workers, DiscreteService.opening(plan, set), options);
        this.options = options;
    }

    /** What became of all work so far. */
    Workers.Done done() {
        return rounds.done();
    }

    /** One piece of work. */
    interface Piece<R> {
        R run(int k, OnThread oracle);
    }

    @Override
    public <R> List<R> map(int count, Work<R> work) {
        return forEach(count, (k, oracle) -> work.run(k, oracle));
    }

    /** Does pieces 0, ..., count - 1 and waits; see {@link Rounds#forEach}. */
    <R> List<R> forEach(int count, Piece<R> piece) {
        return rounds.forEach(count, (k, chunk) -> piece.run(k, new OnThread(chunk, options)));
    }

    /** A chunk's oracles, whose failures are answers. */
    static final class OnThread implements LinearOracle {
        private final Chunk<OracleLadder> chunk;
        private final SolveOptions options;
        private final Supplier<Limits> limits;

        private OnThread(Chunk<OracleLadder> chunk, SolveOptions options) {
            this.chunk = chunk;
            this.options = options;
            this.limits = chunk.limits(options);
        }

        DiscreteSolution solve(double[] cost) {
            if (options.isOver()) {
                return DiscreteSolution.failed(
                        Status.TIME_LIMIT,
                        0,
                        "the deadline of the request passed before this solve was begun");
            }
            try {
                return chunk.get().minimize(cost, limits.get());
            } catch (RuntimeException e) {
                LOG.error("a combinatorial solve failed unexpectedly", e);
                chunk.get().restart();
                return DiscreteSolution.failed(
                        Status.NUMERICAL_ERROR,
                        0,
                        "internal error in the solver; it has been logged");
            }
        }

        @Override
        public Minimum minimize(int instance, double[] cost) {
            DiscreteSolution solution = solve(cost);
            return new Minimum(
                    solution.status(),
                    solution.x(),
                    solution.objective(),
                    solution.violation(),
                    solution.gap(),
                    solution.status() == Status.OPTIMAL ? 0 : Double.NaN,
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
