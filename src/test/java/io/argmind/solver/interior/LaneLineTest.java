package io.argmind.solver.interior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.linalg.Vectors;
import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Solution;
import io.argmind.solution.Solution.Point;
import io.argmind.solution.Status;
import io.argmind.solution.Verifier;
import io.argmind.solver.Limits;
import io.argmind.solver.Line;
import io.argmind.solver.Session;
import io.argmind.solver.VerifiedSession;
import io.argmind.solver.WarmStart;
import io.argmind.solver.interior.LanePrograms.Kind;
import io.argmind.testkit.Backends;
import io.argmind.testkit.Draw;
import io.argmind.testkit.Known;
import io.argmind.testkit.Manufactured;
import io.argmind.testkit.ReferenceSolver;
import io.argmind.testkit.Shape.Curvature;
import io.argmind.testkit.Sort;
import io.argmind.testkit.Tiny;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Along lines, against solves of the program at their ends that know nothing of lines. */
class LaneLineTest {
    private static final double[] SIGMAS = {
        1e-9, -1e-9, 1e-3, -1e-3, 0.3, -0.3, 30, -30, 1e3, -1e3
    };

    /** What a line changes. */
    enum Change {
        COST,
        COST_AND_RIGHT_HAND_SIDES,
        INEQUALITIES
    }

    private static Claim cold(Program program) {
        try (Session session = new InteriorSolver().open()) {
            return session.solve(program, null, Limits.generous());
        }
    }

    private static Line line(Program q, Point star, Draw draw, Change change) {
        return new Line(
                q,
                new WarmStart(star.x(), star.y(), star.z(), star.zBox()),
                change == Change.INEQUALITIES ? new double[q.n()] : draw.gaussians(q.n()),
                change == Change.COST_AND_RIGHT_HAND_SIDES ? draw.gaussians(q.p()) : null,
                change == Change.COST ? null : draw.gaussians(q.m()));
    }

    private static Line line(Kind kind, long seed, Change change) {
        Program q = LanePrograms.good(kind, seed);
        return line(q, LaneEngineTest.point(q, cold(q)), new Draw(seed), change);
    }

    private static List<Claim> along(List<Line> lines, double... sigma) {
        try (Session session = new InteriorSolver().open()) {
            return session.solveAlong(lines, sigma, Limits::generous);
        }
    }

    /**
     * What is accepted, as the service does, must be an optimum, and be as good as that of a cold
     * solve if there is one. What the active set alone gave must be one without being judged.
     */
    private static void assertAgrees(Program q, Claim claim, Solution expected, String name) {
        if (claim.status() == Status.OPTIMAL && claim.iterations() == 1) {
            Point point = LaneEngineTest.point(q, claim);
            assertThat(Verifier.relativeError(q, point)).as(name).isLessThan(1e-8);
        }
        Solution accepted = judged(q, claim);
        if (accepted != null) {
            assertThat(expected.status()).as(name).isNotIn(Status.INFEASIBLE, Status.UNBOUNDED);
        }
        if (expected.status() == Status.OPTIMAL) {
            assertThat(accepted).as("%s: %s", name, claim.status()).isNotNull();
            double objective = Objects.requireNonNull(expected.point()).objective();
            double size = 1 + Math.abs(objective) + largestTerm(q, expected.point().x());
            assertThat(q.objective(Objects.requireNonNull(claim.x())))
                    .as(name)
                    .isCloseTo(objective, within(1e-8 * size));
        }
    }

    private static @Nullable Solution judged(Program q, Claim claim) {
        return claim.x() == null || claim.y() == null || claim.z() == null
                ? null
                : Verifier.optimal(q, claim.x(), claim.y(), claim.z(), claim.zBox(), 1e-8, 1);
    }

    private static double largestTerm(Program q, double[] x) {
        double size = 0;
        for (int i = 0; i < x.length; i++) {
            size = Math.max(size, Math.abs(q.c()[i] * x[i]));
        }
        return size;
    }

    private static void assertClose(
            String name, double[] actual, double[] expected, double accuracy) {
        assertThat(Vectors.normInf(Vectors.minus(actual, expected)))
                .as("%s: %s, expected %s", name, actual, expected)
                .isLessThanOrEqualTo(accuracy * (1 + Vectors.normInf(expected)));
    }

    /** Random programs, whose optima and multipliers are unique almost surely. */
    @ParameterizedTest
    @EnumSource
    void equalsAColdSolve(Kind kind) {
        int optimal = 0;
        for (Change change : Change.values()) {
            for (int seed = 0; seed < 12; seed++) {
                Line line = line(kind, seed, change);
                for (double sigma : SIGMAS) {
                    String name = kind + " " + change + " " + seed + " " + sigma;
                    Program q = line.at(sigma);
                    Claim claim = along(List.of(line), sigma).getFirst();
                    Solution expected;
                    try (VerifiedSession session = referee()) {
                        expected = session.solve(q, null, Limits.generous());
                    }
                    assertAgrees(q, claim, expected, name);
                    Point there = expected.point();
                    if (there != null && claim.x() != null) {
                        optimal++;
                        Point point = LaneEngineTest.point(q, claim);
                        assertClose("x " + name, point.x(), there.x(), 1e-8);
                        assertClose("y " + name, point.y(), there.y(), 1e-8);
                        assertClose("z " + name, point.z(), there.z(), 1e-8);
                        assertClose("z_box " + name, point.zBox(), there.zBox(), 1e-8);
                    }
                }
            }
        }
        assertThat(optimal).isGreaterThan(100);
    }

    private static VerifiedSession referee() {
        return new VerifiedSession(new InteriorSolver(), Backends.referees());
    }

    /** Optima without strict complementarity, with copies of rows, of any curvature. */
    @ParameterizedTest
    @EnumSource
    void degenerate(Sort sort) {
        for (Curvature curvature : Curvature.values()) {
            for (int seed = 0; seed < 8; seed++) {
                Draw draw = new Draw(List.of(Sort.values()).indexOf(sort) + 40L * seed);
                Known known = Manufactured.of(seed, sort.shape(draw, curvature));
                Program q = known.program();
                Point star = Verifier.complete(q, known.x(), known.y(), known.z(), known.zBox());
                Line line = line(q, star, draw, Change.values()[seed % 3]);
                for (double sigma : SIGMAS) {
                    Claim claim = along(List.of(line), sigma).getFirst();
                    Program at = line.at(sigma);
                    try (VerifiedSession session = referee()) {
                        assertAgrees(
                                at,
                                claim,
                                session.solve(at, null, Limits.generous()),
                                sort + " " + curvature + " " + seed + " " + sigma);
                    }
                }
            }
        }
    }

    /** Programs that are small enough to try every active set. */
    @ParameterizedTest
    @CsvSource({"2,0,2,false", "3,1,2,false", "2,0,3,true", "3,1,3,true", "3,0,0,true"})
    void enumerated(int n, int p, int m, boolean quadratic) {
        int[] count = new int[2];
        for (int seed = 0; seed < 15; seed++) {
            Program q = Tiny.random(seed, n, p, m, quadratic);
            Point star = LaneEngineTest.point(q, cold(q));
            Line line = line(q, star, new Draw(seed), Change.values()[seed % 3]);
            for (double sigma : SIGMAS) {
                Program at = line.at(sigma);
                String name = seed + " " + sigma;
                Claim claim = along(List.of(line), sigma).getFirst();
                try (Session session = new ReferenceSolver().open()) {
                    Claim expected = session.solve(at, null, Limits.generous());
                    boolean feasible = expected.status() == Status.OPTIMAL;
                    count[feasible ? 1 : 0]++;
                    assertThat(claim.status() == Status.OPTIMAL).as(name).isEqualTo(feasible);
                    if (feasible) {
                        double objective = at.objective(Objects.requireNonNull(expected.x()));
                        assertThat(at.objective(Objects.requireNonNull(claim.x())))
                                .as(name)
                                .isCloseTo(objective, within(1e-8 * (1 + Math.abs(objective))));
                    }
                }
            }
        }
        assertThat(count[1]).isPositive();
        assertThat(count[0] > 0 || m == 0).isTrue();
    }

    /** Several ends of one line, asked for together or one by one. */
    @ParameterizedTest
    @EnumSource
    void severalEnds(Kind kind) {
        for (int seed = 0; seed < 6; seed++) {
            Line line = line(kind, seed, Change.COST);
            Line other = line(kind, 100 + seed, Change.COST);
            double[] sigma = {1e-2, 0, -1e-2, 1e3, 1e-9, -5, 2};
            List<Line> lines = List.of(line, line, line, line, line, line, other);
            List<Claim> together = along(lines, sigma);
            assertThat(together).hasSize(sigma.length);
            for (int i = 0; i < sigma.length; i++) {
                Claim single = along(List.of(lines.get(i)), sigma[i]).getFirst();
                Claim claim = together.get(i);
                String name = kind + " " + seed + " " + sigma[i];
                assertThat(claim.status()).as(name).isEqualTo(single.status());
                Point a = LaneEngineTest.point(lines.get(i).at(sigma[i]), claim);
                Point b = LaneEngineTest.point(lines.get(i).at(sigma[i]), single);
                assertClose("x " + name, a.x(), b.x(), 1e-9);
                assertClose("z " + name, a.z(), b.z(), 1e-9);
            }
        }
    }

    /** What a line gives does not depend on the lines next to it, to the last bit. */
    @ParameterizedTest
    @EnumSource
    void anyNeighbours(Kind kind) {
        List<Line> lines = new ArrayList<>();
        List<Claim> expected = new ArrayList<>();
        double[] sigma = new double[26];
        for (int i = 0; i < 13; i++) {
            Line line = line(kind, 200 + i, Change.values()[i % 3]);
            sigma[2 * i] = SIGMAS[i % SIGMAS.length];
            sigma[2 * i + 1] = -sigma[2 * i];
            lines.add(line);
            lines.add(line);
            expected.addAll(along(List.of(line, line), sigma[2 * i], sigma[2 * i + 1]));
        }
        List<Claim> together = along(lines, sigma);
        for (int i = 0; i < lines.size(); i++) {
            LaneIndependenceTest.assertSame(together.get(i), expected.get(i), kind + " " + i);
        }
    }

    /** A line through a point that is no optimum still ends at one. */
    @ParameterizedTest
    @EnumSource
    void fromWrongPoints(Kind kind) {
        for (int seed = 0; seed < 6; seed++) {
            Line line = line(kind, seed, Change.COST);
            Program q = line.program();
            Draw draw = new Draw(seed);
            double[] nan = LanePrograms.filled(kind.n, Double.NaN);
            List<WarmStart> wrong =
                    List.of(
                            new WarmStart(
                                    draw.gaussians(kind.n),
                                    draw.gaussians(kind.p),
                                    draw.gaussians(kind.m),
                                    draw.gaussians(kind.n)),
                            new WarmStart(nan, new double[kind.p], new double[kind.m], nan),
                            new WarmStart(line.solution().x(), null, null, null));
            for (WarmStart from : wrong) {
                Line bad = new Line(q, from, line.dc(), null, null);
                for (double sigma : new double[] {1e-3, -1}) {
                    Program at = bad.at(sigma);
                    Claim claim = along(List.of(bad), sigma).getFirst();
                    Point expected = LaneEngineTest.point(at, cold(at));
                    assertThat(claim.status()).isEqualTo(Status.OPTIMAL);
                    Point point = LaneEngineTest.point(at, claim);
                    assertClose(kind + " " + seed, point.x(), expected.x(), 1e-8);
                }
            }
        }
    }
}
