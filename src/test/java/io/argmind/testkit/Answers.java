package io.argmind.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.problem.Program;
import io.argmind.solution.Solution;
import io.argmind.solution.Solution.Point;
import io.argmind.solution.Status;
import java.util.Arrays;
import java.util.Objects;

/**
 * Checks of answers, written out in full: nothing here calls what the service uses to judge
 * answers.
 */
public final class Answers {
    private Answers() {}

    /** The point of an optimal solution. */
    public static Point optimal(Solution solution) {
        assertThat(solution.status()).as("%s", solution.detail()).isEqualTo(Status.OPTIMAL);
        return Objects.requireNonNull(solution.point());
    }

    /** Optimal, with the known objective; the known x and multipliers where those are unique. */
    public static void assertSolves(Known known, Solution solution, double accuracy) {
        Point point = optimal(solution);
        double scale = 1 + Math.abs(known.objective());
        assertThat(point.objective()).isCloseTo(known.objective(), within(accuracy * scale));
        assertOptimalityConditions(known.program(), point, accuracy);
        if (known.uniqueX()) {
            assertClose("x", point.x(), known.x(), accuracy);
        }
        if (known.uniqueDuals() && !known.program().hasIntegers()) {
            assertClose("y", point.y(), known.y(), accuracy);
            assertClose("z", point.z(), known.z(), accuracy);
            assertClose("z_box", point.zBox(), known.zBox(), accuracy);
        }
    }

    /** Stationarity, signs, complementarity and feasibility, entry by entry. */
    public static void assertOptimalityConditions(Program q, Point point, double accuracy) {
        double[] x = point.x();
        int n = q.n();
        double[] r = q.c().clone();
        q.P().forEach((i, j, v) -> r[i] += v * x[j]);
        q.A().forEach((i, j, v) -> r[j] += v * point.y()[i]);
        q.G().forEach((i, j, v) -> r[j] += v * point.z()[i]);
        double scale =
                1 + max(q.c()) + max(point.y()) * q.A().maxAbs() + max(point.z()) * q.G().maxAbs();
        boolean relaxed = !q.hasIntegers();
        for (int i = 0; i < n; i++) {
            double stationarity = r[i] + point.zBox()[i];
            assertThat(stationarity)
                    .as("stationarity %s", i)
                    .isCloseTo(0, within(accuracy * scale));
            double tolerance = accuracy * (1 + max(x));
            assertThat(x[i]).isBetween(q.lb()[i] - tolerance, q.ub()[i] + tolerance);
            double bound = point.zBox()[i] > 0 ? q.ub()[i] : q.lb()[i];
            if (relaxed && Math.abs(point.zBox()[i]) > accuracy * scale) {
                assertThat(x[i]).as("bound %s binds", i).isCloseTo(bound, within(tolerance));
            }
        }
        assertRows(q, point, accuracy);
    }

    private static void assertRows(Program q, Point point, double accuracy) {
        double[] x = point.x();
        double[] ax = new double[q.p()];
        double[] gx = new double[q.m()];
        q.A().forEach((i, j, v) -> ax[i] += v * x[j]);
        q.G().forEach((i, j, v) -> gx[i] += v * x[j]);
        assertClose("A x", ax, q.b(), accuracy);
        if (q.isConic()) {
            assertCones(q, point, gx, accuracy);
            return;
        }
        for (int i = 0; i < q.m(); i++) {
            double size = 1 + Math.abs(gx[i]) + q.G().maxAbs() * max(x);
            assertThat(point.z()[i]).as("z %s", i).isGreaterThanOrEqualTo(-1e-12);
            assertThat(gx[i]).as("row %s", i).isLessThanOrEqualTo(q.h()[i] + accuracy * size);
            if (point.z()[i] > accuracy * (1 + max(q.c()))) {
                assertThat(gx[i])
                        .as("row %s binds", i)
                        .isCloseTo(q.h()[i], within(accuracy * size));
            }
            if (Double.isFinite(q.h()[i])) {
                assertThat(point.s()[i]).isCloseTo(q.h()[i] - gx[i], within(1e-12 * size));
            }
        }
    }

    /** s in K, z in K*, s'z = 0, cone by cone. */
    private static void assertCones(Program q, Point point, double[] gx, double accuracy) {
        double size = 1 + max(gx) + max(point.z());
        q.forEachCone((cone, start) -> {
            double[] s = new double[cone.dim()];
            double[] z = Arrays.copyOfRange(point.z(), start, start + cone.dim());
            double product = 0;
            for (int i = 0; i < s.length; i++) {
                s[i] = q.h()[start + i] - gx[start + i];
                product += s[i] * z[i];
                assertThat(point.s()[start + i]).isCloseTo(s[i], within(1e-12 * size));
            }
            assertThat(ConeFormulas.violation(cone, s, false))
                    .as("%s of %s", s, cone)
                    .isLessThan(accuracy * size);
            assertThat(ConeFormulas.violation(cone, z, true))
                    .as("%s of the dual of %s", z, cone)
                    .isLessThan(accuracy * size);
            assertThat(product).isCloseTo(0, within(accuracy * size * size));
        });
    }

    /** Entries agree relative to the largest. */
    public static void assertClose(
            String what, double[] actual, double[] expected, double accuracy) {
        double scale = 1 + max(expected);
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i])
                    .as("%s[%s] of %s, expected %s", what, i, actual, expected)
                    .isCloseTo(expected[i], within(accuracy * scale));
        }
    }

    /** The same status and the same bits. */
    public static void assertSameBits(Solution actual, Solution expected) {
        assertThat(actual.status()).isEqualTo(expected.status());
        Point a = actual.point();
        Point e = expected.point();
        assertThat(a == null).isEqualTo(e == null);
        if (a != null && e != null) {
            assertThat(Arrays.equals(a.x(), e.x())).as("x %s %s", a.x(), e.x()).isTrue();
            assertThat(Arrays.equals(a.y(), e.y())).as("y").isTrue();
            assertThat(Arrays.equals(a.z(), e.z())).as("z").isTrue();
            assertThat(Arrays.equals(a.zBox(), e.zBox())).as("z_box").isTrue();
        }
    }

    private static double max(double[] x) {
        double max = 0;
        for (double v : x) {
            max = Math.max(max, Math.abs(v));
        }
        return max;
    }
}
