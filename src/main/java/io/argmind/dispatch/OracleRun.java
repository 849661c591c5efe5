package io.argmind.dispatch;

import io.argmind.lpgd.linear.LinearOracle;
import io.argmind.lpgd.linear.Minimum;
import io.argmind.solution.Status;
import io.argmind.solution.discrete.DiscreteSolution;
import io.argmind.solver.OracleLadder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request's work for oracles. */
final class OracleRun extends LinearRun<OracleLadder> {
    private static final Logger LOG = LoggerFactory.getLogger(OracleRun.class);

    OracleRun(Workers workers, Workers.Opening<OracleLadder> opening, SolveOptions options) {
        super(workers, opening, options);
    }

    DiscreteSolution solve(double[] cost, Chunk<OracleLadder> chunk) {
        if (options.isOver()) {
            return DiscreteSolution.failed(Status.TIME_LIMIT, 0, TOO_LATE);
        }
        try {
            return chunk.get().minimize(cost, chunk.limits(options).get());
        } catch (RuntimeException e) {
            LOG.error("a combinatorial solve failed unexpectedly", e);
            chunk.get().restart();
            return DiscreteSolution.failed(Status.NUMERICAL_ERROR, 0, BROKEN);
        }
    }

    @Override
    LinearOracle oracle(Chunk<OracleLadder> chunk) {
        return new LinearOracle() {
            @Override
            public Minimum minimize(int instance, double[] cost) {
                return minimum(solve(cost, chunk));
            }

            @Override
            public boolean isOver() {
                return options.isOver();
            }
        };
    }

    private static Minimum minimum(DiscreteSolution solution) {
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
}
