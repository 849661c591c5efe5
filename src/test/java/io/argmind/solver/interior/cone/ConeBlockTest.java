package io.argmind.solver.interior.cone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.testkit.Draw;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every scaling promises, whatever the cone. */
class ConeBlockTest {
    private static final int AT = 2;

    static Stream<ConeBlock> symmetric() {
        return Stream.of(
                new NonnegativeBlock(AT, 5),
                new SecondOrderBlock(AT, 1),
                new SecondOrderBlock(AT, 4),
                new SecondOrderBlock(AT, 60),
                new PsdBlock(AT, 1),
                new PsdBlock(AT, 2),
                new PsdBlock(AT, 6));
    }

    static Stream<ConeBlock> all() {
        return Stream.concat(
                symmetric(),
                Stream.of(
                        new NonsymmetricBlock(AT, new ExponentialBarrier()),
                        new NonsymmetricBlock(AT, new PowerBarrier(0.5)),
                        new NonsymmetricBlock(AT, new PowerBarrier(0.03))));
    }

    /** A point inside the cone and one inside its dual, off the central path. */
    private static List<double[]> inside(ConeBlock block, Draw draw) {
        double[] s = new double[AT + block.dim() + 1];
        double[] z = s.clone();
        block.center(s, z);
        double[] ds = s.clone();
        double[] dz = s.clone();
        for (int i = AT; i < AT + block.dim(); i++) {
            ds[i] = draw.gaussian();
            dz[i] = draw.gaussian();
        }
        block.scale(s, z, 1, false);
        double a = 0.8 * block.step(s, z, ds, dz, 2);
        for (int i = AT; i < AT + block.dim(); i++) {
            s[i] += a * ds[i];
            z[i] = 3 * (z[i] + a * dz[i]);
        }
        return List.of(s, z);
    }

    private static double dot(ConeBlock block, double[] a, double[] b) {
        double sum = 0;
        for (int i = AT; i < AT + block.dim(); i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    @ParameterizedTest
    @MethodSource("all")
    void scalingTakesDualToPrimal(ConeBlock block) {
        for (int seed = 0; seed < 20; seed++) {
            Draw draw = new Draw(seed);
            List<double[]> point = inside(block, draw);
            double[] s = point.get(0);
            double[] z = point.get(1);
            double mu = dot(block, s, z) / block.degree();
            assertThat(block.scale(s, z, mu, false)).isTrue();
            double[] hz = new double[s.length];
            block.times(z, hz);
            for (int i = AT; i < AT + block.dim(); i++) {
                assertThat(hz[i]).isCloseTo(s[i], within(1e-8 * (1 + Math.abs(s[i]))));
            }
        }
    }

    /** H is symmetric and positive, also where s and z are far from complementary. */
    @ParameterizedTest
    @MethodSource("all")
    void scalingIsSymmetricAndPositive(ConeBlock block) {
        for (int seed = 0; seed < 20; seed++) {
            Draw draw = new Draw(seed);
            List<double[]> point = inside(block, draw);
            block.scale(point.get(0), point.get(1), 1, seed % 2 == 1);
            double[] u = draw.gaussians(AT + block.dim());
            double[] v = draw.gaussians(AT + block.dim());
            double[] hu = new double[u.length];
            double[] hv = new double[u.length];
            block.times(u, hu);
            block.times(v, hv);
            double size = Math.sqrt(dot(block, u, hu) * dot(block, v, hv));
            assertThat(dot(block, u, hu)).isPositive();
            assertThat(dot(block, u, hv)).isCloseTo(dot(block, v, hu), within(1e-10 * size));
        }
    }

    /**
     * At the center, aiming at the present complementarity with zero directions changes nothing.
     */
    @ParameterizedTest
    @MethodSource("all")
    void centeredPointsStay(ConeBlock block) {
        double[] s = new double[AT + block.dim()];
        double[] z = s.clone();
        block.center(s, z);
        assertThat(dot(block, s, z)).isCloseTo(block.degree(), within(1e-12));
        assertThat(block.isCentral(s, z, 1)).isTrue();
        assertThat(block.scale(s, z, 1, false)).isTrue();
        double[] out = new double[s.length];
        block.correct(s, z, new double[s.length], new double[s.length], 1, out);
        for (int i = AT; i < AT + block.dim(); i++) {
            assertThat(out[i]).isCloseTo(0, within(1e-12));
        }
    }

    /**
     * For symmetric cones s o z stays affine plus the corrected product: checked on s + ds =
     * H-exact.
     */
    @ParameterizedTest
    @MethodSource("symmetric")
    void stepsEndAtTheBoundary(ConeBlock block) {
        for (int seed = 0; seed < 20; seed++) {
            Draw draw = new Draw(seed);
            List<double[]> point = inside(block, draw);
            double[] s = point.get(0);
            double[] z = point.get(1);
            double[] ds = draw.gaussians(s.length);
            double[] dz = draw.gaussians(s.length);
            block.scale(s, z, 1, false);
            double a = block.step(s, z, ds, dz, 1e6);
            double before = margins(block, s, z, ds, dz, 0.999 * a);
            assertThat(before).isPositive();
            if (a < 1e6) {
                assertThat(margins(block, s, z, ds, dz, 1.001 * a)).isNegative();
            }
        }
    }

    private static double margins(
            ConeBlock block, double[] s, double[] z, double[] ds, double[] dz, double a) {
        double[] sa = s.clone();
        double[] za = z.clone();
        for (int i = AT; i < AT + block.dim(); i++) {
            sa[i] += a * ds[i];
            za[i] += a * dz[i];
        }
        return Math.min(block.margin(sa), block.margin(za));
    }
}
