package io.argmind.lpgd;

import static io.argmind.testkit.Write.below;
import static io.argmind.testkit.Write.box;
import static io.argmind.testkit.Write.cost;
import static io.argmind.testkit.Write.curved;
import static io.argmind.testkit.Write.equal;
import static io.argmind.testkit.Write.v;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.linalg.Vectors;
import io.argmind.problem.Field;
import io.argmind.problem.Program;
import io.argmind.problem.Programs;
import io.argmind.solution.Claim;
import io.argmind.solution.Solution.Point;
import io.argmind.solution.Status;
import io.argmind.solver.LadderSession;
import io.argmind.solver.Limits;
import io.argmind.solver.Session;
import io.argmind.solver.Solver;
import io.argmind.testkit.Backends;
import io.argmind.testkit.Backward;
import io.argmind.testkit.Batch;
import io.argmind.testkit.Draw;
import io.argmind.testkit.ReferenceSolver;
import io.argmind.testkit.Scripted;
import io.argmind.testkit.Tiny;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackwardStatusTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final ReferenceSolver REFERENCE = new ReferenceSolver();

    /** min x, x >= 0: unbounded once the cost is negative. */
    private static final Program HALF_LINE = box(cost(1), 0, INF);

    private static Gradients gradients(Program q, Upstream g, Envelope envelope, double tau) {
        return Backward.of(REFERENCE, q, g, LpgdSettings.of(envelope, tau, 0));
    }

    @Test
    void oneSideUnboundedLeavesTheOther() {
        Gradients g = gradients(HALF_LINE, Backward.x(-1), Envelope.AVERAGE, 20);
        assertThat(g.status()).containsExactly(BackwardStatus.ONE_SIDED);
        assertThat(g.tau()).containsExactly(20);
        // upper: c = 1 + 20, x = 0, z_lb = 21: (z_lb* - z_lb) / tau
        assertThat(Backward.of(g, Field.C)).containsExactly(v(0), within(1e-12));
        assertThat(Backward.of(g, Field.LB)).containsExactly(v(-1), within(1e-12));
        assertThat(Objects.requireNonNull(g.lowerX())[0]).isNull();
        assertThat(Objects.requireNonNull(g.upperX())[0]).containsExactly(0);
        Gradients mirrored = gradients(HALF_LINE, Backward.x(1), Envelope.AVERAGE, 20);
        assertThat(mirrored.status()).containsExactly(BackwardStatus.ONE_SIDED);
        assertThat(Backward.of(mirrored, Field.LB)).containsExactly(v(1), within(1e-12));
    }

    @Test
    void halvingFindsBothSides() {
        Gradients g = gradients(HALF_LINE, Backward.x(-1), Envelope.AVERAGE, 6);
        assertThat(g.status()).containsExactly(BackwardStatus.OK);
        assertThat(g.tau()).containsExactly(.75);
        assertThat(Backward.of(g, Field.LB)).containsExactly(v(-1), within(1e-12));
        Gradients lower = gradients(HALF_LINE, Backward.x(-1), Envelope.LOWER, 1.5);
        assertThat(lower.status()).containsExactly(BackwardStatus.OK);
        assertThat(lower.tau()).containsExactly(.75);
    }

    @Test
    void infeasibleSidesToo() {
        // x1 + x2 = 1 in the unit box; b = 1 - tau g
        Program q = box(equal(cost(1, 2), v(1, 1), 1), 0, 1);
        Gradients g = gradients(q, Backward.y(1), Envelope.AVERAGE, 40);
        assertThat(g.status()).containsExactly(BackwardStatus.SOLVER_FAILED);
        Gradients small = gradients(q, Backward.y(1), Envelope.AVERAGE, 1.5);
        assertThat(small.status()).containsExactly(BackwardStatus.OK);
        assertThat(small.tau()).containsExactly(.75);
        assertThat(Backward.of(small, Field.C)[0]).isCloseTo(-.5, within(1e-12));
    }

    @Test
    void withoutAnySideTheGradientIsZero() {
        Gradients g = gradients(HALF_LINE, Backward.x(-1), Envelope.LOWER, 20);
        assertThat(g.status()).containsExactly(BackwardStatus.SOLVER_FAILED);
        for (Field field : Field.values()) {
            assertThat(Vectors.isZero(Backward.of(g, field))).isTrue();
        }
    }

    @Test
    void failedInstancesDoNotTouchTheOthers() {
        Program good = box(equal(curved(cost(-1, -2), 1, 0, 0, 1), v(1, 1), 1), 0, 2);
        Program infeasible = good.withRightHandSides(v(9), v());
        Upstream g = Backward.x(1, 2, 1, 2);
        LpgdSettings settings = LpgdSettings.of(Envelope.AVERAGE, .1, 0);
        Gradients both = Backward.of(REFERENCE, Batch.of(infeasible, good), g, settings);
        assertThat(both.status()).containsExactly(BackwardStatus.FORWARD_FAILED, BackwardStatus.OK);
        Gradients alone = Backward.of(REFERENCE, good, Backward.x(1, 2), settings);
        for (Field field : Field.values()) {
            double[] values = Backward.of(both, field);
            int half = values.length / 2;
            assertThat(Arrays.copyOf(values, half)).containsOnly(new double[half]);
            assertThat(Arrays.copyOfRange(values, half, 2 * half))
                    .containsExactly(Backward.of(alone, field));
        }
    }

    /** The reference, but without an answer where the test says so. */
    private static Solver failing(Predicate<Program> fails) {
        Session session = REFERENCE.open();
        return Scripted.of(
                "failing",
                q ->
                        fails.test(q)
                                ? Claim.none(Status.TIME_LIMIT, 5, null)
                                : session.solve(q, null, Limits.generous()));
    }

    @Test
    void iterationsAndFailuresOfTheSolverAreCounted() {
        Program q = box(cost(1, -1), 0, 1);
        Solver never = failing(p -> p.c()[0] != 1);
        Gradients g =
                Backward.of(never, q, Backward.x(1, 0), LpgdSettings.of(Envelope.AVERAGE, 1, 0));
        assertThat(g.status()).containsExactly(BackwardStatus.SOLVER_FAILED);
        assertThat(g.iterations()).containsExactly(40); // two sides, four strengths
        Solver upperOnly = failing(p -> p.c()[0] > 1);
        Gradients one =
                Backward.of(
                        upperOnly, q, Backward.x(1, 0), LpgdSettings.of(Envelope.AVERAGE, 1, 0));
        assertThat(one.status()).containsExactly(BackwardStatus.ONE_SIDED);
        assertThat(one.tau()).containsExactly(1);
    }

    /** A feasible point that a limit left behind is no perturbed solution. */
    @Test
    void unfinishedSolvesAreNoSolutions() {
        Program q = box(curved(cost(-1, -2), 1, 0, 0, 1), 0, 3);
        Session session = REFERENCE.open();
        Claim stopped = Claim.point(Status.FEASIBLE, v(3, 0), v(), v(), null, 1);
        Solver slow =
                Scripted.of(
                        "slow",
                        p -> p.c()[0] == -1 ? session.solve(p, null, Limits.generous()) : stopped);
        Gradients g =
                Backward.of(slow, q, Backward.x(1, 0), LpgdSettings.of(Envelope.LOWER, .01, 0));
        assertThat(g.status()).containsExactly(BackwardStatus.SOLVER_FAILED);
        assertThat(Backward.of(g, Field.C)).containsOnly(0);
    }

    @Test
    void unexpectedFailuresAreZeros() {
        Programs programs = Batch.of(HALF_LINE);
        List<@Nullable Point> points = new ArrayList<>();
        points.add(Backward.star(REFERENCE, HALF_LINE));
        BackwardPass pass =
                new BackwardPass(
                        programs,
                        Solved.of(points),
                        Backward.x(1),
                        LpgdSettings.of(Envelope.LOWER, 1, 0),
                        programs.fields(),
                        false);
        pass.fail(0);
        Gradients g = pass.gradients();
        assertThat(g.status()).containsExactly(BackwardStatus.SOLVER_FAILED);
        assertThat(Backward.of(g, Field.C)).containsExactly(0);
    }

    /**
     * A solution that was rounded to single precision on its way gives the gradient of the exact
     * one.
     */
    @Test
    void roundedSolutionsAreSharpened() {
        for (int seed = 0; seed < 8; seed++) {
            Program q = Tiny.random(seed, 3, 1, 2, true);
            Point star = Backward.star(REFERENCE, q);
            Point rounded =
                    new Point(
                            single(star.x()),
                            single(star.y()),
                            single(star.z()),
                            single(star.s()),
                            single(star.zBox()),
                            star.objective());
            Upstream g = Backward.x(new Draw(seed).gaussians(3));
            LpgdSettings settings = LpgdSettings.of(Envelope.LOWER, 1e-4, 0);
            try (LadderSession session =
                    new LadderSession(Backends.only(REFERENCE), Backends.referees())) {
                Programs programs = Batch.of(q);
                Gradients exact = Backward.at(session, programs, listOf(star), g, settings);
                Gradients same = Backward.at(session, programs, listOf(rounded), g, settings);
                for (Field field : Field.values()) {
                    double[] difference =
                            Vectors.minus(Backward.of(exact, field), Backward.of(same, field));
                    assertThat(Vectors.normInf(difference)).isLessThan(1e-7);
                }
            }
        }
    }

    private static List<@Nullable Point> listOf(Point point) {
        List<@Nullable Point> list = new ArrayList<>();
        list.add(point);
        return list;
    }

    private static double[] single(double[] v) {
        return Arrays.stream(v).map(x -> (float) x).toArray();
    }

    private static Program instance(int seed) {
        return Tiny.random(seed, 3, 1, 2, true);
    }

    /** Neither the order of a batch nor the number of threads changes a bit. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void orderAndThreads(boolean curved) {
        int size = 8;
        List<Program> programs = new ArrayList<>();
        List<Program> reversed = new ArrayList<>();
        double[] x = new Draw(1).gaussians(3 * size);
        double[] back = new double[x.length];
        for (int i = 0; i < size; i++) {
            Program q = curved ? instance(i) : Tiny.random(i, 3, 1, 2, false);
            programs.add(q);
            reversed.addFirst(q);
            System.arraycopy(x, 3 * i, back, 3 * (size - 1 - i), 3);
        }
        LpgdSettings settings = LpgdSettings.of(Envelope.AVERAGE, .5, 0);
        for (Solver solver : Backends.taking(programs)) {
            Gradients one = Backward.of(solver, Batch.of(programs), Backward.x(x), settings);
            Gradients other = Backward.of(solver, Batch.of(reversed), Backward.x(back), settings);
            Gradients threads = onThreads(solver, Batch.of(programs), Backward.x(x), settings);
            for (Field field : Field.values()) {
                double[] expected = Backward.of(one, field);
                assertThat(Arrays.equals(Backward.of(threads, field), expected))
                        .as("%s on threads, %s", solver.name(), field)
                        .isTrue();
                int length = expected.length / size;
                double[] turned = new double[expected.length];
                for (int i = 0; i < size; i++) {
                    System.arraycopy(
                            Backward.of(other, field),
                            (size - 1 - i) * length,
                            turned,
                            i * length,
                            length);
                }
                assertThat(Arrays.equals(turned, expected))
                        .as("%s reversed, %s", solver.name(), field)
                        .isTrue();
            }
        }
    }

    private static Gradients onThreads(
            Solver solver, Programs programs, Upstream g, LpgdSettings settings) {
        List<@Nullable Point> points = new ArrayList<>();
        for (int i = 0; i < programs.size(); i++) {
            points.add(Backward.star(solver, programs.instance(i)));
        }
        BackwardPass pass =
                new BackwardPass(
                        programs, Solved.of(points), g, settings, programs.fields(), false);
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            int first = t;
            threads.add(
                    CompletableFuture.runAsync(() -> {
                        try (LadderSession session =
                                new LadderSession(Backends.only(solver), Backends.referees())) {
                            for (int i = programs.size() - 1 - first; i >= 0; i -= 3) {
                                pass.differentiate(i, i + 1, () -> session, Limits::generous);
                            }
                        }
                    }));
        }
        threads.forEach(CompletableFuture::join);
        return pass.gradients();
    }

    @Test
    void rowsThatNeverBindHaveNoPartInAnything() {
        Program q = below(box(curved(cost(-1, -2), 1, 0, 0, 1), -5, 5), v(1, 1, 3, -1), 1, INF);
        Program without = below(box(curved(cost(-1, -2), 1, 0, 0, 1), -5, 5), v(1, 1), 1);
        for (double rho : new double[] {0, .5}) {
            LpgdSettings settings = LpgdSettings.of(Envelope.AVERAGE, .2, rho);
            Upstream g = new Upstream(v(1, 3), null, v(.1, 0), v(.3, 0), null);
            Upstream less = new Upstream(v(1, 3), null, v(.1), v(.3), null);
            Gradients with = Backward.of(REFERENCE, q, g, settings);
            Gradients expected = Backward.of(REFERENCE, without, less, settings);
            assertThat(Backward.of(with, Field.C))
                    .containsExactly(Backward.of(expected, Field.C), within(1e-9));
            assertThat(Backward.of(with, Field.H)[0])
                    .isCloseTo(Backward.of(expected, Field.H)[0], within(1e-9));
            assertThat(Backward.of(with, Field.H)[1]).isZero();
        }
    }
}
