package io.argmind.solver;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.problem.discrete.Discrete;
import io.argmind.problem.discrete.Kind;
import io.argmind.solution.Status;
import io.argmind.testkit.Costs;
import io.argmind.testkit.Draw;
import io.argmind.testkit.Elements;
import io.argmind.testkit.Exactly;
import io.argmind.testkit.Sets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every oracle promises, for each of its kinds. A subclass names the oracle. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class OracleContract {

    protected abstract Oracle oracle();

    /** How far from the least cost an answer may be, relative to the absolute costs it takes. */
    protected double accuracy() {
        return 1e-12;
    }

    /** The same, relative to the largest absolute cost of the instance. */
    protected double resolution() {
        return 0;
    }

    /** How many random sets per kind and sort of costs. */
    protected int sets() {
        return 120;
    }

    protected Stream<Kind> kinds() {
        return oracle().kinds().stream().sorted();
    }

    protected Stream<Arguments> cases() {
        return kinds().flatMap(k -> Arrays.stream(Costs.values()).map(c -> Arguments.of(k, c)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithEnumeration(Kind kind, Costs costs) {
        int tried = 0;
        for (int seed = 0; seed < sets(); seed++) {
            Draw draw =
                    new Draw(31L * seed + 1009L * kind.key().hashCode() + costs.name().hashCode());
            Discrete set = Sets.small(kind, draw);
            if (oracle().refuse(set).isPresent()) {
                continue;
            }
            tried++;
            List<double[]> elements = Elements.of(set);
            try (OracleSession session = oracle().open(set)) {
                for (int i = 0; i < 3; i++) {
                    double[] cost = costs.draw(draw, set.length());
                    double[] sent = cost.clone();
                    Selection answer = session.solve(cost, Limits.generous());
                    assertThat(cost).as("the costs as they were sent").isEqualTo(sent);
                    check(set, elements, cost, answer, "seed " + seed + " " + i);
                }
            }
        }
        assertThat(tried).as("sets that were not refused").isGreaterThan(sets() / 10);
    }

    private void check(
            Discrete set, List<double[]> elements, double[] cost, Selection answer, String name) {
        String what = name + " " + set + " " + Arrays.toString(cost) + " " + answer.detail();
        double[] best = Exactly.best(elements, cost);
        if (best == null) {
            assertThat(answer.status()).as(what).isEqualTo(Status.INFEASIBLE);
        } else if (Exactly.isUnbounded(set, cost)) {
            assertThat(answer.status()).as(what).isEqualTo(Status.UNBOUNDED);
        } else {
            assertThat(answer.status()).as(what).isEqualTo(Status.OPTIMAL);
            double[] x = Objects.requireNonNull(answer.x());
            assertThat(elements)
                    .as("%s has %s", what, Arrays.toString(x))
                    .anyMatch(e -> Arrays.equals(e, x));
            double excess = Exactly.cost(cost, x).subtract(Exactly.cost(cost, best)).doubleValue();
            double scale = Math.max(Exactly.scale(cost, x), Exactly.scale(cost, best));
            double largest = Arrays.stream(cost).map(Math::abs).max().orElse(0);
            double room = accuracy() * scale + resolution() * largest;
            assertThat(excess).as(what).isLessThanOrEqualTo(room);
            double objective = Exactly.cost(cost, x).doubleValue();
            assertThat(answer.bound())
                    .as("bound, %s", what)
                    .isBetween(
                            objective - room - 1e-12 * scale,
                            objective + 1e-12 * scale + Double.MIN_VALUE);
            takesNothingForNothing(set, cost, x);
        }
    }

    private static void takesNothingForNothing(Discrete set, double[] cost, double[] x) {
        if (set instanceof Discrete.Knapsack) {
            for (int j = 0; j < x.length; j++) {
                assertThat(x[j] == 1 && cost[j] >= 0).isFalse();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void answersDependOnTheArgumentsAlone(Kind kind) {
        int tried = 0;
        for (int seed = 0; seed < 15; seed++) {
            Draw draw = new Draw(7L * seed + kind.key().hashCode());
            Discrete set = Sets.medium(kind, draw);
            if (oracle().refuse(set).isPresent()) {
                continue;
            }
            tried++;
            double[] cost = Costs.NONNEGATIVE_INTEGER.draw(draw, set.length());
            if (kind == Kind.KNAPSACK) {
                Arrays.setAll(cost, j -> -cost[j]);
            }
            Selection fresh;
            try (OracleSession session = oracle().open(set)) {
                fresh = session.solve(cost, Limits.generous());
            }
            try (OracleSession session = oracle().open(set)) {
                session.solve(Costs.GAUSSIAN.draw(draw, set.length()), Limits.generous());
                session.solve(Costs.MIXED.draw(draw, set.length()), Limits.generous());
                Selection used = session.solve(cost, Limits.generous());
                assertThat(used.status()).isEqualTo(fresh.status());
                assertThat(used.x()).isEqualTo(fresh.x());
                assertThat(used.bound()).isEqualTo(Double.valueOf(fresh.bound()));
                assertThat(used.iterations()).isEqualTo(fresh.iterations());
            }
        }
        assertThat(tried).as("sets that were not refused").isPositive();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void noTimeNoAnswer(Kind kind) {
        Draw draw = new Draw(3);
        Discrete set = Sets.medium(kind, draw);
        for (int k = 0; k < 50 && oracle().refuse(set).isPresent(); k++) {
            set = Sets.medium(kind, draw);
        }
        assertThat(oracle().refuse(set)).isEmpty();
        try (OracleSession session = oracle().open(set)) {
            session.cancel(); // nothing runs, nothing happens
            Limits over = Limits.generous().withDeadline(System.nanoTime() - 1);
            assertThat(session.solve(new double[set.length()], over).status())
                    .isEqualTo(Status.TIME_LIMIT);
            assertThat(session.solve(new double[set.length()], Limits.generous()).status())
                    .isNotEqualTo(Status.TIME_LIMIT);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void estimatesArePositive(Kind kind) {
        Discrete set = Sets.medium(kind, new Draw(4));
        assertThat(oracle().estimateSeconds(set)).isBetween(1e-9, 1e3);
    }
}
