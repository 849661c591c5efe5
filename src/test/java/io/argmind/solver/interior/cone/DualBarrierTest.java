package io.argmind.solver.interior.cone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.testkit.Draw;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Derivatives against finite differences, and the shadow against what defines it. */
class DualBarrierTest {

    static Stream<DualBarrier> barriers() {
        return Stream.of(
                new ExponentialBarrier(),
                new PowerBarrier(0.5),
                new PowerBarrier(0.9),
                new PowerBarrier(0.05));
    }

    private static double[] near(DualBarrier barrier, Draw draw) {
        double[] z = new double[3];
        while (true) {
            barrier.center(z, 0);
            for (int i = 0; i < 3; i++) {
                z[i] += 0.5 * draw.gaussian();
            }
            if (barrier.moveTo(z[0], z[1], z[2]) && barrier.r > 1e-2) {
                return z;
            }
        }
    }

    private static double[] gradient(DualBarrier barrier, double[] z, double[] d, double t) {
        assertThat(barrier.moveTo(z[0] + t * d[0], z[1] + t * d[1], z[2] + t * d[2])).isTrue();
        double[] g = new double[3];
        barrier.gradient(g);
        return g;
    }

    private static double[] hessianTimes(DualBarrier barrier, double[] d) {
        double[] h = new double[9];
        barrier.hessian(h);
        double[] out = new double[3];
        for (int i = 0; i < 9; i++) {
            out[i / 3] += h[i] * d[i % 3];
        }
        return out;
    }

    @ParameterizedTest
    @MethodSource("barriers")
    void derivatives(DualBarrier barrier) {
        double t = 1e-5;
        for (int seed = 0; seed < 50; seed++) {
            Draw draw = new Draw(seed);
            double[] z = near(barrier, draw);
            double size = 1 / Math.min(1, barrier.r);
            double[] p = draw.gaussians(3);
            double[] q = draw.gaussians(3);
            for (int i = 0; i < 3; i++) {
                p[i] *= 0.1 / size;
                q[i] *= 0.1 / size;
            }
            double[] up = gradient(barrier, z, p, t);
            double valueUp = barrier.value();
            double[] hqUp = hessianTimes(barrier, q);
            double[] down = gradient(barrier, z, p, -t);
            double valueDown = barrier.value();
            double[] hqDown = hessianTimes(barrier, q);
            double[] g = gradient(barrier, z, p, 0);
            double[] hp = hessianTimes(barrier, p);
            double[] third = new double[3];
            barrier.third(p, q, third);
            double slope = g[0] * p[0] + g[1] * p[1] + g[2] * p[2];
            assertThat((valueUp - valueDown) / (2 * t)).isCloseTo(slope, within(1e-6));
            assertThat(g[0] * z[0] + g[1] * z[1] + g[2] * z[2]).isCloseTo(-3, within(1e-8));
            for (int i = 0; i < 3; i++) {
                double scale = 1e-4 * (1 + Math.abs(g[i])) * size;
                assertThat((up[i] - down[i]) / (2 * t)).isCloseTo(hp[i], within(scale));
                assertThat((hqUp[i] - hqDown[i]) / (2 * t))
                        .isCloseTo(third[i], within(scale * size));
            }
        }
    }

    /**
     * f*'(-f'(s)) = -s, f'(s)'s = -3, and f is the conjugate: f(s) + f*(z) + s'z >= 0, tight there.
     */
    @ParameterizedTest
    @MethodSource("barriers")
    void shadowIsTheConjugatePoint(DualBarrier barrier) {
        int found = 0;
        for (int seed = 0; found < 50; seed++) {
            Draw draw = new Draw(seed);
            double[] s = new double[3];
            barrier.center(s, 0);
            for (int i = 0; i < 3; i++) {
                s[i] += draw.gaussian();
            }
            if (!barrier.holdsPrimal(s[0], s[1], s[2])) {
                assertThat(barrier.shadow(s, 0, new double[3])).isNaN();
                continue;
            }
            found++;
            double[] zt = new double[3];
            double f = barrier.shadow(s, 0, zt);
            assertThat(barrier.moveTo(zt[0], zt[1], zt[2])).isTrue();
            double[] g = new double[3];
            barrier.gradient(g);
            double size = Math.max(Math.abs(s[0]), Math.max(Math.abs(s[1]), Math.abs(s[2])));
            for (int i = 0; i < 3; i++) {
                assertThat(g[i]).isCloseTo(-s[i], within(1e-6 * size));
            }
            double product = s[0] * zt[0] + s[1] * zt[1] + s[2] * zt[2];
            assertThat(product).isCloseTo(3, within(1e-8));
            assertThat(f + barrier.value()).isCloseTo(-3, within(1e-6));
        }
    }

    @ParameterizedTest
    @MethodSource("barriers")
    void theCenterIsItsOwnShadow(DualBarrier barrier) {
        double[] s = new double[3];
        double[] zt = new double[3];
        barrier.center(s, 0);
        barrier.shadow(s, 0, zt);
        for (int i = 0; i < 3; i++) {
            assertThat(zt[i]).isCloseTo(s[i], within(1e-13));
        }
    }
}
