package io.argmind.solver;

import static io.argmind.testkit.Write.below;
import static io.argmind.testkit.Write.box;
import static io.argmind.testkit.Write.cost;
import static io.argmind.testkit.Write.curved;
import static io.argmind.testkit.Write.equal;
import static io.argmind.testkit.Write.integer;
import static io.argmind.testkit.Write.v;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.problem.Program;
import io.argmind.solution.Certificate;
import io.argmind.solution.Claim;
import io.argmind.solution.Solution;
import io.argmind.solution.Solution.Point;
import io.argmind.solution.Status;
import io.argmind.testkit.ActiveSets;
import io.argmind.testkit.Backends;
import io.argmind.testkit.Draw;
import io.argmind.testkit.Lies;
import io.argmind.testkit.ReferenceSolver;
import io.argmind.testkit.Scripted;
import io.argmind.testkit.Tiny;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a back-end says, no status is false. */
class VerifiedSessionTest {
    private static final double INF = Double.POSITIVE_INFINITY;

    private static final Program BOXED_LP = box(below(cost(-1, -2), v(1, 1), 1.5), 0, 1);
    private static final Program BOXED_QP = curved(BOXED_LP, 1, 0, 0, 1);
    private static final Program UNBOUNDED = below(cost(-1, 0), v(0, 1), 1);
    private static final Program HALF_UNBOUNDED =
            integer(UNBOUNDED.withBounds(v(-INF, 0), v(INF, 2)), 1);
    private static final Program INFEASIBLE = equal(box(cost(1, 1), 0, 1), v(1, 1), 3);
    private static final Program KNAPSACK =
            integer(box(below(cost(-3, -4, -5), v(2, 3, 4), 5), 0, 1), 0, 1, 2);
    private static final Program MIXED = integer(box(below(cost(-1, -1), v(2, 1), 2.5), 0, 2), 0);

    private static Solution solve(Program program, Claim claim) {
        Scripted liar = Scripted.of("liar", q -> claim);
        try (VerifiedSession session = new VerifiedSession(liar, Backends.referees())) {
            return session.solve(program, null, Limits.generous());
        }
    }

    static Stream<Arguments> programs() {
        return Stream.of(
                Arguments.of("boxed LP", BOXED_LP, Status.OPTIMAL),
                Arguments.of("boxed QP", BOXED_QP, Status.OPTIMAL),
                Arguments.of("unbounded LP", UNBOUNDED, Status.UNBOUNDED),
                Arguments.of("unbounded QP", curved(UNBOUNDED, 0, 0, 0, 1), Status.UNBOUNDED),
                Arguments.of("infeasible LP", INFEASIBLE, Status.INFEASIBLE),
                Arguments.of("infeasible QP", curved(INFEASIBLE, 1, 0, 0, 1), Status.INFEASIBLE),
                Arguments.of("knapsack", KNAPSACK, Status.OPTIMAL),
                Arguments.of("mixed", MIXED, Status.OPTIMAL),
                Arguments.of("unbounded MILP", HALF_UNBOUNDED, Status.UNBOUNDED),
                Arguments.of("infeasible MILP", integer(INFEASIBLE, 0), Status.INFEASIBLE),
                Arguments.of(
                        "infeasible for integers",
                        integer(equal(box(cost(1, 1), 0, 3), v(2, 2), 3), 0, 1),
                        Status.INFEASIBLE));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("programs")
    void neverAFalseStatus(String name, Program program, Status truth) {
        Draw draw = new Draw(7);
        for (Claim lie : Lies.about(program, draw)) {
            assertTrue(program, truth, lie, solve(program, lie));
        }
    }

    private static void assertTrue(Program program, Status truth, Claim lie, Solution s) {
        String what = "said " + lie.status() + ", got " + s.status() + ", " + s.detail();
        if (s.status() == Status.INFEASIBLE || s.status() == Status.UNBOUNDED) {
            assertThat(s.status()).as(what).isEqualTo(truth);
        }
        if (s.status() == Status.OPTIMAL) {
            assertThat(truth).as(what).isEqualTo(Status.OPTIMAL);
            double best = best(program);
            assertThat(point(s).objective()).as(what).isCloseTo(best, within(1e-6));
        }
        if (s.status() == Status.FEASIBLE) {
            assertThat(truth).as(what).isNotEqualTo(Status.INFEASIBLE);
            assertFeasible(program, point(s).x());
            for (double[] part : List.of(point(s).y(), point(s).z(), point(s).zBox())) {
                for (double value : part) {
                    assertThat(value).as(what).isFinite();
                }
            }
        }
        assertThat(s.point() != null).as(what).isEqualTo(s.status().hasSolution());
    }

    private static Point point(Solution s) {
        return Objects.requireNonNull(s.point());
    }

    private static double best(Program program) {
        Solution reference = solve(program, new ReferenceSolver());
        return point(reference).objective();
    }

    private static Solution solve(Program program, Solver solver) {
        try (VerifiedSession session = new VerifiedSession(solver, Backends.referees())) {
            return session.solve(program, null, Limits.generous());
        }
    }

    private static void assertFeasible(Program q, double[] x) {
        for (double s : q.slack(x)) {
            assertThat(s).isGreaterThan(-1e-6);
        }
        for (int i = 0; i < q.p(); i++) {
            assertThat(q.A().times(x)[i]).isCloseTo(q.b()[i], within(1e-6));
        }
        for (int i = 0; i < q.n(); i++) {
            assertThat(x[i]).isBetween(q.lb()[i] - 1e-6, q.ub()[i] + 1e-6);
        }
        for (int i : q.integers()) {
            assertThat(x[i]).isEqualTo(Math.rint(x[i]));
        }
    }

    /** The truth is believed, and found behind a wrong verdict where a proof shows it. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("programs")
    void theTruthIsBelieved(String name, Program program, Status truth) {
        if (truth == Status.OPTIMAL) {
            assertThat(solve(program, new ReferenceSolver()).status()).isEqualTo(truth);
            return;
        }
        assertThat(solve(program, Claim.none(truth, 1, null)).status()).isEqualTo(truth);
        if (!name.equals("infeasible for integers")) {
            for (Status other :
                    new Status[] {Status.INFEASIBLE, Status.UNBOUNDED, Status.OPTIMAL}) {
                assertThat(solve(program, Claim.none(other, 1, null)).status()).isEqualTo(truth);
            }
        }
    }

    @Test
    void trueCertificatesNeedNoSecondOpinion() {
        Scripted referee = Scripted.of("nobody", q -> Claim.none(Status.NUMERICAL_ERROR, 0, null));
        Certificate proof = new Certificate.Farkas(v(-1), v(), v(1, 1));
        Scripted solver = Scripted.of("s", q -> Claim.certified(Status.INFEASIBLE, proof, 3));
        try (VerifiedSession session = new VerifiedSession(solver, referee)) {
            Solution s = session.solve(INFEASIBLE, null, Limits.generous());
            assertThat(s.status()).isEqualTo(Status.INFEASIBLE);
            assertThat(s.iterations()).isEqualTo(3);
        }
        assertThat(referee.solves.get()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void lyingRefereesProveNothing(Status status) {
        for (Program program : List.of(BOXED_LP, BOXED_QP)) {
            Draw draw = new Draw(11);
            for (int k = 0; k < Lies.about(program, draw).size(); k++) {
                int lie = k;
                Scripted liar =
                        Scripted.of(
                                "liar",
                                q ->
                                        Lies.about(q, new Draw(lie))
                                                .get(lie)
                                                .withStatus(status, null));
                try (VerifiedSession session = new VerifiedSession(liar, liar)) {
                    Solution s = session.solve(program, null, Limits.generous());
                    assertThat(s.status()).isNotIn(Status.INFEASIBLE, Status.UNBOUNDED);
                    if (s.status() == Status.OPTIMAL) {
                        double best = ActiveSets.value(program);
                        assertThat(point(s).objective()).isCloseTo(best, within(1e-6));
                    }
                }
            }
        }
    }

    @Test
    void nearlyRightPointsAreSharpenedAndFarOnesRefused() {
        for (int seed = 0; seed < 30; seed++) {
            Program q = Tiny.random(seed, 3, 1, 2, true);
            ActiveSets.Optimum o = Objects.requireNonNull(ActiveSets.solve(q));
            double[] x = o.x().clone();
            x[0] += 1e-6;
            Solution near = solve(q, Claim.point(Status.OPTIMAL, x, o.y(), o.z(), o.zBox(), 1));
            assertThat(near.status()).isEqualTo(Status.OPTIMAL);
            assertThat(point(near).x()[0]).isCloseTo(o.x()[0], within(1e-11));
            x[0] += 1;
            Solution far = solve(q, Claim.point(Status.OPTIMAL, x, o.y(), o.z(), o.zBox(), 1));
            assertThat(far.status()).isEqualTo(Status.NUMERICAL_ERROR);
            assertThat(far.detail()).contains("'optimal'", "could not be verified");
        }
    }

    @Test
    void integersMustBeIntegralFeasibleAndWorthTheBound() {
        Claim right = claim(v(1, 1, 0), -7);
        assertThat(solve(KNAPSACK, right).status()).isEqualTo(Status.OPTIMAL);
        assertThat(solve(KNAPSACK, claim(v(1, 1 - 1e-7, 1e-7), -7)).status())
                .isEqualTo(Status.OPTIMAL);
        assertThat(point(solve(KNAPSACK, claim(v(1, 1 - 1e-7, 0), -7))).x())
                .containsExactly(1, 1, 0);
        for (double[] x : List.of(v(1, 0.75, 0), v(1, 1, 1), v(2, 0, 0), v(-1, 1, 0))) {
            assertThat(solve(KNAPSACK, claim(x, -7)).status())
                    .as("%s", x)
                    .isEqualTo(Status.NUMERICAL_ERROR);
        }
        assertThat(solve(KNAPSACK, claim(v(1, 0, 0), -7)).status())
                .as("its bound says that there is better")
                .isEqualTo(Status.NUMERICAL_ERROR);
    }

    /** A bound above the objective of a feasible point is no bound. */
    @Test
    void impossibleBoundsAreRefused() {
        assertThat(solve(KNAPSACK, claim(v(1, 0, 0), 1e9)).status())
                .isEqualTo(Status.NUMERICAL_ERROR);
        assertThat(solve(KNAPSACK, claim(v(1, 0, 0), INF)).status())
                .isEqualTo(Status.NUMERICAL_ERROR);
    }

    private static Claim claim(double[] x, double bound) {
        return Claim.point(Status.OPTIMAL, x, null, null, null, 1).withBound(bound);
    }

    @Test
    void stoppedSolvesKeepTheirIncumbent() {
        Claim stopped = claim(v(1, 0, 0), -8).withStatus(Status.TIME_LIMIT, "limit");
        Solution s = solve(KNAPSACK, stopped);
        assertThat(s.status()).isEqualTo(Status.FEASIBLE);
        assertThat(point(s).x()).containsExactly(1, 0, 0);
        assertThat(solve(KNAPSACK, Claim.none(Status.FEASIBLE, 1, null)).status())
                .isEqualTo(Status.ITERATION_LIMIT);
        assertThat(solve(BOXED_LP, Claim.none(Status.ITERATION_LIMIT, 1, null)).status())
                .isEqualTo(Status.ITERATION_LIMIT);
        ActiveSets.Optimum o = Objects.requireNonNull(ActiveSets.solve(BOXED_QP));
        Claim done = Claim.point(Status.ITERATION_LIMIT, o.x(), o.y(), o.z(), o.zBox(), 9);
        assertThat(solve(BOXED_QP, done).status()).isEqualTo(Status.OPTIMAL);
    }

    @Test
    void pastTheDeadlineNothingIsAnError() {
        Scripted solver = Scripted.of("s", q -> Claim.none(Status.NUMERICAL_ERROR, 1, null));
        try (VerifiedSession session = new VerifiedSession(solver, Backends.referees())) {
            Limits over = Limits.generous().withDeadline(System.nanoTime() - 1);
            Solution s = session.solve(BOXED_LP, null, over);
            assertThat(s.status()).isEqualTo(Status.TIME_LIMIT);
        }
    }

    @Test
    void allSessionsAreClosed() {
        Scripted liar = Scripted.of("liar", q -> Claim.none(Status.INFEASIBLE, 1, null));
        Scripted referee = Scripted.like("referee", new ReferenceSolver());
        Referees referees = new Referees(referee, referee, List.of(referee));
        for (Program program : List.of(BOXED_LP, MIXED, KNAPSACK, INFEASIBLE)) {
            try (VerifiedSession session = new VerifiedSession(liar, referees)) {
                @Nullable Solution s = session.solve(program, null, Limits.generous());
                assertThat(s).isNotNull();
            }
        }
        assertThat(liar.closed.get()).isEqualTo(liar.opened.get());
        assertThat(referee.closed.get()).isEqualTo(referee.opened.get()).isPositive();
    }
}
