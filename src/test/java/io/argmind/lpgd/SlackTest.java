package io.argmind.lpgd;

import static io.argmind.testkit.Answers.assertClose;

import io.argmind.linalg.Matrix;
import io.argmind.problem.Field;
import io.argmind.problem.Program;
import io.argmind.solution.Solution.Point;
import io.argmind.solver.Solver;
import io.argmind.testkit.ActiveSets;
import io.argmind.testkit.ActiveSets.Optimum;
import io.argmind.testkit.Backends;
import io.argmind.testkit.Backward;
import io.argmind.testkit.Draw;
import io.argmind.testkit.Tiny;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A loss that sees the slack: the perturbed program, as large as the given one, does what the
 * larger program in (x, s) does, with G x + s = h, s >= 0, costs on s and the proximal term in
 * both.
 */
class SlackTest {
    static Stream<Arguments> solvers() {
        return Backends.taking(List.of(Tiny.random(0, 2, 0, 2, true))).stream()
                .flatMap(s -> Stream.of(0., .3, 2.).map(rho -> Arguments.of(s, rho)));
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void eliminationIsTheLargerProgram(Solver solver, double rho) {
        for (int seed = 0; seed < 6; seed++) {
            int p = seed % 2;
            Program q = Tiny.random(seed, 2, p, 2, true);
            Draw draw = new Draw(seed + 50);
            Upstream g =
                    new Upstream(
                            draw.gaussians(2),
                            scaled(draw.gaussians(p)),
                            scaled(draw.gaussians(2)),
                            draw.gaussians(2),
                            null);
            double tau = seed < 3 ? .1 : 1;
            Point star = Backward.star(solver, q);
            Optimum lower = embedded(q, star, g, tau, rho);
            Optimum upper = embedded(q, star, g, -tau, rho);
            Optimum zero = new Optimum(star.x(), star.y(), star.z(), star.zBox(), 0);
            assertDifference(
                    solver, q, g, LpgdSettings.of(Envelope.LOWER, tau, rho), lower, zero, tau);
            assertDifference(
                    solver, q, g, LpgdSettings.of(Envelope.UPPER, tau, rho), zero, upper, tau);
            assertDifference(
                    solver,
                    q,
                    g,
                    LpgdSettings.of(Envelope.AVERAGE, tau, rho),
                    lower,
                    upper,
                    2 * tau);
        }
    }

    private static double[] scaled(double[] v) {
        for (int i = 0; i < v.length; i++) {
            v[i] *= .02;
        }
        return v;
    }

    private static double[] part(double[] all, int from, int length) {
        return Arrays.copyOfRange(all, from, from + length);
    }

    /** The optimum in (x, s), its multipliers of G x + s = h as z. */
    private static Optimum embedded(Program q, Point star, Upstream g, double sigma, double rho) {
        int n = q.n();
        int p = q.p();
        int m = q.m();
        int wide = n + m;
        double[] P = new double[wide * wide];
        q.P().forEach((i, j, v) -> P[i * wide + j] += v);
        double[] c = Arrays.copyOf(q.c(), wide);
        double[] a = new double[(p + m) * wide];
        double[] b = Arrays.copyOf(q.b(), p + m);
        q.A().forEach((i, j, v) -> a[i * wide + j] += v);
        q.G().forEach((i, j, v) -> a[(p + i) * wide + j] += v);
        double[] lb = Arrays.copyOf(q.lb(), wide);
        double[] ub = Arrays.copyOf(q.ub(), wide);
        for (int i = 0; i < wide; i++) {
            double at = i < n ? star.x()[i] : star.s()[i - n];
            double up =
                    i < n ? Objects.requireNonNull(g.x())[i] : Objects.requireNonNull(g.s())[i - n];
            c[i] += sigma * up - rho * at;
            P[i * wide + i] += rho;
            ub[i] = i < n ? ub[i] : Double.POSITIVE_INFINITY;
        }
        for (int i = 0; i < p; i++) {
            b[i] -= sigma * Objects.requireNonNull(g.y())[i];
        }
        for (int i = 0; i < m; i++) {
            a[(p + i) * wide + n + i] = 1;
            b[p + i] = q.h()[i] - sigma * Objects.requireNonNull(g.z())[i];
        }
        Program embedded =
                new Program(
                        Draw.dense(P, wide, wide),
                        c,
                        Draw.dense(a, p + m, wide),
                        b,
                        Matrix.empty(0, wide),
                        new double[0],
                        lb,
                        ub,
                        new int[0]);
        Optimum o = Objects.requireNonNull(ActiveSets.solve(embedded));
        return new Optimum(
                part(o.x(), 0, n), part(o.y(), 0, p), part(o.y(), p, m), part(o.zBox(), 0, n), 0);
    }

    private static void assertDifference(
            Solver solver,
            Program q,
            Upstream g,
            LpgdSettings settings,
            Optimum one,
            Optimum zero,
            double den) {
        Gradients actual = Backward.of(solver, q, g, settings);
        String what = settings.envelope() + ", tau " + actual.tau()[0];
        assertClose(
                what + ", c", Backward.of(actual, Field.C), minus(one.x(), zero.x(), den), 1e-6);
        assertClose(
                what + ", b", Backward.of(actual, Field.B), minus(zero.y(), one.y(), den), 1e-6);
        assertClose(
                what + ", h", Backward.of(actual, Field.H), minus(zero.z(), one.z(), den), 1e-6);
        double[] dG = minus(outer(one.z(), one.x()), outer(zero.z(), zero.x()), den);
        assertClose(what + ", G", Backward.of(actual, Field.G), dG, 1e-6);
        double[] dA = minus(outer(one.y(), one.x()), outer(zero.y(), zero.x()), den);
        assertClose(what + ", A", Backward.of(actual, Field.A), dA, 1e-6);
        double[] dP = minus(outer(one.x(), one.x()), outer(zero.x(), zero.x()), 2 * den);
        assertClose(what + ", P", Backward.of(actual, Field.P), dP, 1e-6);
    }

    private static double[] minus(double[] one, double[] zero, double den) {
        double[] d = new double[one.length];
        for (int i = 0; i < d.length; i++) {
            d[i] = (one[i] - zero[i]) / den;
        }
        return d;
    }

    private static double[] outer(double[] l, double[] r) {
        double[] full = new double[l.length * r.length];
        for (int i = 0; i < l.length; i++) {
            for (int j = 0; j < r.length; j++) {
                full[i * r.length + j] = l[i] * r[j];
            }
        }
        return full;
    }
}
