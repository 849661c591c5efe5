package io.argmind.solver.ortools.discrete;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.problem.discrete.Discrete;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.OracleSession;
import io.argmind.solver.Selection;
import io.argmind.solver.ortools.OrToolsLibrary;
import io.argmind.testkit.Costs;
import io.argmind.testkit.Draw;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Tours that are not small. */
class CpSatTourTest {

    /** Points in the plane. */
    private static double[] distances(int n) {
        Draw draw = new Draw(n);
        double[] x = draw.gaussians(n);
        double[] y = draw.gaussians(n);
        double[] cost = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                cost[i * n + j] = Math.hypot(x[i] - x[j], y[i] - y[j]);
            }
        }
        return cost;
    }

    private static double length(Selection answer, double[] cost) {
        double[] x = Objects.requireNonNull(answer.x());
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * cost[i];
        }
        return sum;
    }

    @Test
    void aTimeLimitLeavesATourWithABound() {
        double[] cost = distances(150);
        int before = OrToolsLibrary.liveObjects();
        try (OracleSession session = new CpSatOracle().open(new Discrete.Tour(150))) {
            long begin = System.nanoTime();
            Selection answer =
                    session.solve(cost, Limits.generous().withDeadline(begin + (long) 2e8));
            assertThat(answer.status()).isEqualTo(Status.FEASIBLE);
            assertThat(answer.detail()).contains("time limit");
            assertThat(answer.bound()).isPositive().isLessThan(length(answer, cost));
        }
        assertThat(OrToolsLibrary.liveObjects()).isEqualTo(before);
    }

    @Test
    void anUpperBoundOnConflictsToo() {
        double[] cost = distances(30);
        try (OracleSession session = new CpSatOracle().open(new Discrete.Tour(30))) {
            Limits limits = new Limits(1e-8, 1, System.nanoTime() + (long) 6e10);
            Selection answer = session.solve(cost, limits);
            Selection free = session.solve(cost, Limits.generous());
            assertThat(free.status()).isEqualTo(Status.OPTIMAL);
            assertThat(free.iterations()).isGreaterThan(10 * Math.max(1, answer.iterations()));
            assertThat(answer.status()).isEqualTo(Status.FEASIBLE);
            assertThat(answer.detail()).contains("a limit was reached");
            assertThat(answer.bound()).isLessThanOrEqualTo(length(answer, cost));
        }
    }

    /** A cheap ring that is hidden among forbidding costs. */
    @Test
    void forbiddingCostsDoNotSpoilTheScale() {
        int n = 24;
        Draw draw = new Draw(5);
        int[] order = draw.indices(n, n);
        double[] cost = Costs.HUGE.draw(draw, n * n);
        for (int i = 0; i < cost.length; i++) {
            cost[i] = 1e9 + Math.abs(cost[i]);
        }
        double ring = 0;
        for (int k = 0; k < n; k++) {
            int at = order[k] * n + order[(k + 1) % n];
            cost[at] = 1e-3 * draw.positive();
            ring += cost[at];
        }
        try (OracleSession session = new CpSatOracle().open(new Discrete.Tour(n))) {
            Selection answer = session.solve(cost, Limits.generous());
            assertThat(answer.status()).isEqualTo(Status.OPTIMAL);
            assertThat(length(answer, cost))
                    .isCloseTo(ring, org.assertj.core.data.Offset.offset(1e-12 * ring));
        }
    }
}
