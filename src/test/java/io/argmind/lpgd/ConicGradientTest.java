package io.argmind.lpgd;

import static io.argmind.testkit.Answers.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.linalg.Matrix;
import io.argmind.linalg.Vectors;
import io.argmind.problem.Cone;
import io.argmind.problem.Field;
import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Solution.Point;
import io.argmind.solution.Verifier;
import io.argmind.solver.LadderSession;
import io.argmind.solver.Limits;
import io.argmind.solver.Session;
import io.argmind.solver.WarmStart;
import io.argmind.testkit.Backends;
import io.argmind.testkit.Backward;
import io.argmind.testkit.Batch;
import io.argmind.testkit.ConeSort;
import io.argmind.testkit.ConicNewton;
import io.argmind.testkit.ConicPrograms;
import io.argmind.testkit.Differences;
import io.argmind.testkit.Draw;
import io.argmind.testkit.Known;
import io.argmind.testkit.Shape.Curvature;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Gradients of programs with cones, against differences of solutions and against formulas. */
class ConicGradientTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final ConicNewton SOLVER = new ConicNewton();
    private static final LpgdSettings IMPLICIT = Backward.with(Method.IMPLICIT);
    private static final int SEEDS = 8;

    private static Point point(Known known) {
        return Verifier.complete(known.program(), known.x(), known.y(), known.z(), known.zBox());
    }

    private static Gradients at(Program program, Point star, Upstream g, LpgdSettings settings) {
        try (LadderSession session =
                new LadderSession(Backends.only(SOLVER), Backends.referees())) {
            return Backward.at(session, Batch.of(program), List.of(star), g, settings);
        }
    }

    private static Claim near(Program program, Point star) {
        WarmStart start = new WarmStart(star.x(), star.y(), star.z(), star.zBox());
        try (Session session = SOLVER.open()) {
            return session.solve(program, start, Limits.generous());
        }
    }

    private static double loss(Program q, Point star, Upstream g) {
        Claim o = near(q, star);
        double[] x = Objects.requireNonNull(o.x(), "the reference has not converged");
        return along(g.x(), x)
                + along(g.y(), Objects.requireNonNull(o.y()))
                + along(g.z(), Objects.requireNonNull(o.z()))
                + along(g.s(), q.slack(x))
                + along(g.objective(), new double[] {q.objective(x)});
    }

    private static double along(double @Nullable [] g, double[] v) {
        return g == null ? 0 : Vectors.dot(g, v);
    }

    private static Upstream upstream(long seed, Program q) {
        Draw draw = new Draw(seed + 30);
        return new Upstream(
                draw.gaussians(q.n()),
                draw.gaussians(q.p()),
                draw.gaussians(q.m()),
                draw.gaussians(q.m()),
                draw.gaussians(1));
    }

    /** With as many variables as constraints, so that multipliers are unique too. */
    private static Known known(int seed, ConeSort sort) {
        Draw draw = new Draw(53 * seed + sort.name().hashCode());
        List<Cone> cones = sort.cones(draw);
        int rows = cones.stream().mapToInt(Cone::dim).sum();
        return ConicPrograms.known(draw, cones, rows + 3, 1, 1, Curvature.DENSE);
    }

    @ParameterizedTest
    @EnumSource
    void implicitIsTheDerivativeWithRespectToEveryField(ConeSort sort) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Known known = known(seed, sort);
            Program q = known.program();
            Point star = point(known);
            Upstream g = upstream(seed, q);
            Gradients actual = at(q, star, g, IMPLICIT);
            assertThat(actual.status()).containsExactly(BackwardStatus.OK);
            assertThat(actual.degenerate()).containsExactly(false);
            for (Field field : sort == ConeSort.MIXED ? List.of(Field.C, Field.H) : fields()) {
                double[] expected = Differences.gradient(q, field, 1e-5, p -> loss(p, star, g));
                assertClose(seed + " " + field, Backward.of(actual, field), expected, 1e-5);
            }
        }
    }

    private static List<Field> fields() {
        return List.of(Field.values());
    }

    @ParameterizedTest
    @EnumSource
    void implicitIsTheLimitOfSmallTau(ConeSort sort) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Known known = known(seed, sort);
            Upstream g = upstream(seed, known.program());
            Gradients exact = at(known.program(), point(known), g, IMPLICIT);
            for (Envelope envelope : Envelope.values()) {
                double[] taus = {1e-5};
                LpgdSettings settings =
                        new LpgdSettings(Method.LPGD, envelope, taus, 0, Projection.NONE);
                Gradients lpgd = at(known.program(), point(known), g, settings);
                assertThat(lpgd.status()).containsExactly(BackwardStatus.OK);
                for (Field field : Field.values()) {
                    assertClose(
                            sort + " " + seed + " " + envelope + " " + field,
                            Backward.of(lpgd, field),
                            Backward.of(exact, field),
                            5e-3);
                }
            }
        }
    }

    /** Linear objectives over curved cones: the solution moves with the cost all the same. */
    @Test
    void aLinearObjectiveOverABall() {
        // min c'x over ||x|| <= 1 has x = -c / ||c||
        double[] c = {3, 4};
        Program q = ball(c);
        double[] x = {-0.6, -0.8};
        Point star = Verifier.complete(q, x, new double[0], new double[] {5, 3, 4}, new double[2]);
        assertThat(Verifier.relativeError(q, star)).isLessThan(1e-15);
        double[] g = {1, 0};
        // dx/dc = -(I - x x') / ||c||
        double[] expected = {-(1 - 0.36) / 5, 0.48 / 5};
        Gradients implicit = at(q, star, Backward.x(g), IMPLICIT);
        assertThat(Backward.of(implicit, Field.C)).containsExactly(expected, within(1e-14));
        assertThat(implicit.degenerate()).containsExactly(false);
        Gradients lpgd = at(q, star, Backward.x(g), Backward.with(Method.LPGD));
        assertThat(lpgd.tau()[0]).isCloseTo(4e-3, within(1e-12));
        assertThat(Backward.of(lpgd, Field.C)).containsExactly(expected, within(1e-6));
        // h = (radius, 0, 0): x scales with the radius
        assertThat(Backward.of(implicit, Field.H)[0]).isCloseTo(x[0], within(1e-14));
    }

    private static Program ball(double... c) {
        return new Program(
                Matrix.empty(2, 2),
                c,
                Matrix.empty(0, 2),
                new double[0],
                Draw.dense(new double[] {0, 0, -1, 0, 0, -1}, 3, 2),
                new double[] {1, 0, 0},
                new double[] {-INF, -INF},
                new double[] {INF, INF},
                new int[0],
                List.of(new Cone.SecondOrder(3)));
    }

    /** min c'x + sum x log x over the simplex is softmax(-c). */
    @Test
    void entropyOverTheSimplex() {
        double[] c = {0.3, -0.2, 0.5};
        double total = 0;
        double[] x = new double[6];
        for (int i = 0; i < 3; i++) {
            x[i] = Math.exp(-c[i]);
            total += x[i];
        }
        double[] z = new double[9];
        for (int i = 0; i < 3; i++) {
            x[i] /= total;
            x[3 + i] = -x[i] * Math.log(x[i]); // t_i <= -x_i log x_i: (t_i, x_i, 1) in the cone
            z[3 * i] = -1;
            z[3 * i + 1] = -1 - Math.log(x[i]);
            z[3 * i + 2] = x[i];
        }
        Program q = entropy(c);
        double[] y = {Math.log(total) - 1};
        Point star = Verifier.complete(q, x, y, z, new double[6]);
        assertThat(Verifier.relativeError(q, star)).isLessThan(1e-14);
        double[] g = {1, -2, 0.5, 0, 0, 0};
        Gradients implicit = at(q, star, Backward.x(g), IMPLICIT);
        double mean = x[0] * g[0] + x[1] * g[1] + x[2] * g[2];
        for (int i = 0; i < 3; i++) {
            // softmax(-c) has the derivative -(diag(x) - x x')
            assertThat(Backward.of(implicit, Field.C)[i])
                    .isCloseTo(-x[i] * (g[i] - mean), within(1e-12));
        }
        assertThat(implicit.degenerate()).containsExactly(false);
    }

    private static Program entropy(double[] c) {
        double[] full = new double[9 * 6];
        double[] h = new double[9];
        for (int i = 0; i < 3; i++) {
            full[3 * i * 6 + 3 + i] = -1;
            full[(3 * i + 1) * 6 + i] = -1;
            h[3 * i + 2] = 1;
        }
        double[] none = new double[6];
        java.util.Arrays.fill(none, INF);
        double[] below = new double[6];
        java.util.Arrays.fill(below, -INF);
        return new Program(
                Matrix.empty(6, 6),
                new double[] {c[0], c[1], c[2], -1, -1, -1},
                Draw.dense(new double[] {1, 1, 1, 0, 0, 0}, 1, 6),
                new double[] {1},
                Draw.dense(full, 9, 6),
                h,
                below,
                none,
                new int[0],
                List.of(new Cone.Exponential(), new Cone.Exponential(), new Cone.Exponential()));
    }

    /** min c'svec(X) over trace X = 1, X psd: X = v v' of the smallest eigenvalue's eigenvector. */
    @Test
    void theSmallestEigenvalueAsASemidefiniteProgram() {
        double root2 = Math.sqrt(2);
        Program q =
                new Program(
                        Matrix.empty(3, 3),
                        new double[] {1, 0, 2}, // diag(1, 2): smallest eigenvalue 1, v = (1, 0)
                        Draw.dense(new double[] {1, 0, 1}, 1, 3),
                        new double[] {1},
                        Matrix.diagonal(new double[] {-1, -1, -1}),
                        new double[3],
                        new double[] {-INF, -INF, -INF},
                        new double[] {INF, INF, INF},
                        new int[0],
                        List.of(new Cone.Psd(2)));
        double[] x = {1, 0, 0};
        Point star =
                Verifier.complete(q, x, new double[] {-1}, new double[] {0, 0, 1}, new double[3]);
        assertThat(Verifier.relativeError(q, star)).isLessThan(1e-15);
        // first order: C + eps E_12 turns v to (1, -eps), so svec(X)_2 = -sqrt(2) eps, and c_2 =
        // sqrt(2) eps
        Gradients implicit = at(q, star, Backward.x(0, 1, 0), IMPLICIT);
        assertThat(Backward.of(implicit, Field.C))
                .containsExactly(new double[] {0, -root2 / root2, 0}, within(1e-13));
        assertThat(Backward.of(implicit, Field.B)[0]).isCloseTo(0, within(1e-13));
        Gradients lpgd = at(q, star, Backward.x(0, 1, 0), Backward.with(Method.LPGD));
        assertThat(Backward.of(lpgd, Field.C)[1]).isCloseTo(-1, within(1e-5));
    }

    /** At the tip of a cone the solution does not move with the cost. */
    @Test
    void theTipOfAConeIsDegenerate() {
        Program base = ball(3, 4);
        Program q =
                new Program(
                        base.P(),
                        new double[] {3, 4},
                        base.A(),
                        base.b(),
                        base.G(),
                        new double[3],
                        base.lb(),
                        base.ub(),
                        new int[0],
                        base.cones());
        double[] z = {6, 3, 4};
        Point star = Verifier.complete(q, new double[2], new double[0], z, new double[2]);
        Gradients implicit = at(q, star, Backward.x(1, 1), IMPLICIT);
        assertThat(implicit.degenerate()).containsExactly(true);
        assertThat(Backward.of(implicit, Field.C)).containsExactly(0, 0);
    }
}
