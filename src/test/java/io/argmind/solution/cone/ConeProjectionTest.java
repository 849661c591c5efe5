package io.argmind.solution.cone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.linalg.Vectors;
import io.argmind.problem.Cone;
import io.argmind.testkit.ConeFormulas;
import io.argmind.testkit.Draw;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Projections against their definition, with members of cones and dual cones told by formula. */
class ConeProjectionTest {
    private static final double ROOT2 = Math.sqrt(2);

    static Stream<Cone> cones() {
        return Stream.of(
                new Cone.Nonnegative(3),
                new Cone.SecondOrder(1),
                new Cone.SecondOrder(2),
                new Cone.SecondOrder(5),
                new Cone.Psd(1),
                new Cone.Psd(2),
                new Cone.Psd(4),
                new Cone.Exponential(),
                new Cone.Power(0.5),
                new Cone.Power(0.3),
                new Cone.Power(0.99),
                new Cone.Power(1e-3));
    }

    /** Entries of very different sizes, zeros, and points on the axes. */
    private static List<double[]> points(int dim) {
        Draw draw = new Draw(dim);
        List<double[]> points = new ArrayList<>();
        for (int k = 0; k < 3000; k++) {
            double[] v = draw.gaussians(dim);
            for (int i = 0; i < dim; i++) {
                v[i] *= k % 3 == 0 ? 1 : Math.pow(10, draw.integer(-9, 3));
                v[i] = k % 5 == 0 && draw.chance(0.3) ? 0 : v[i];
            }
            points.add(v);
        }
        return points;
    }

    /** v = p - d with p in K, d in K* and p'd = 0 is what a projection is (Moreau). */
    @ParameterizedTest
    @MethodSource("cones")
    void moreau(Cone cone) {
        ConeProjection onto = ConeProjection.onto(cone);
        for (double[] v : points(cone.dim())) {
            double size = Vectors.norm2(v);
            double[] p = onto.project(v);
            double[] d = Vectors.minus(p, v);
            String what = cone + " " + List.of(box(v)) + " to " + List.of(box(p));
            assertThat(ConeFormulas.violation(cone, p, false))
                    .as("primal %s", what)
                    .isLessThanOrEqualTo(1e-11 * size);
            assertThat(ConeFormulas.violation(cone, d, true))
                    .as("dual %s", what)
                    .isLessThanOrEqualTo(1e-11 * size);
            assertThat(Vectors.dot(p, d)).as(what).isCloseTo(0, within(1e-11 * size * size));
        }
    }

    private static Double[] box(double[] v) {
        Double[] out = new Double[v.length];
        for (int i = 0; i < v.length; i++) {
            out[i] = v[i];
        }
        return out;
    }

    @ParameterizedTest
    @MethodSource("cones")
    void itIsHomogeneousFromTinyToHuge(Cone cone) {
        ConeProjection onto = ConeProjection.onto(cone);
        for (double[] v : points(cone.dim()).subList(0, 300)) {
            double[] p = onto.project(v);
            for (double factor : new double[] {0x1p-400, 0x1p400}) {
                double[] scaled = v.clone();
                for (int i = 0; i < v.length; i++) {
                    scaled[i] *= factor;
                }
                double[] q = onto.project(scaled);
                for (int i = 0; i < v.length; i++) {
                    assertThat(q[i] / factor).isCloseTo(p[i], within(1e-12 * Vectors.normInf(v)));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cones")
    void pointsOfTheConesHaveNoDistance(Cone cone) {
        ConeProjection onto = ConeProjection.onto(cone);
        for (double[] v : points(cone.dim())) {
            double[] p = onto.project(v);
            double[] d = Vectors.minus(p, v);
            double rounding = 1e-11 * Vectors.norm2(v);
            assertThat(onto.distance(p)).isLessThanOrEqualTo(rounding);
            assertThat(onto.dualDistance(d)).isLessThanOrEqualTo(rounding);
            assertThat(onto.distance(v)).isCloseTo(Vectors.norm2(d), within(rounding));
        }
        double[] none = new double[cone.dim()];
        none[0] = Double.NaN;
        assertThat(onto.distance(none)).isInfinite();
        assertThat(onto.dualDistance(none)).isInfinite();
    }

    /** Against central differences, away from kinks; and symmetric with eigenvalues in [0, 1]. */
    @ParameterizedTest
    @MethodSource("cones")
    void derivatives(Cone cone) {
        ConeProjection onto = ConeProjection.onto(cone);
        Draw draw = new Draw(7);
        int dim = cone.dim();
        int smooth = 0;
        for (int k = 0; k < 400; k++) {
            double[] v = draw.gaussians(dim);
            double[] direction = draw.gaussians(dim);
            ProjectionDerivative derivative = onto.derivative(v);
            requireOrthonormal(derivative);
            double step = 1e-5;
            double[] forth = v.clone();
            double[] back = v.clone();
            Vectors.addTimes(step, direction, forth);
            Vectors.addTimes(-step, direction, back);
            double[] difference = Vectors.minus(onto.project(forth), onto.project(back));
            double[] exact = derivative.times(direction);
            double error = 0;
            for (int i = 0; i < dim; i++) {
                error = Math.max(error, Math.abs(difference[i] / (2 * step) - exact[i]));
            }
            smooth += error < 1e-6 ? 1 : 0;
        }
        assertThat(smooth).as("%s: kinks are hit rarely", cone).isGreaterThan(392);
    }

    private static void requireOrthonormal(ProjectionDerivative derivative) {
        int dim = derivative.gain().length;
        for (int k = 0; k < dim; k++) {
            assertThat(derivative.gain()[k]).isBetween(0.0, 1.0);
            for (int q = 0; q <= k; q++) {
                double dot = 0;
                for (int i = 0; i < dim; i++) {
                    dot += derivative.basis()[i * dim + k] * derivative.basis()[i * dim + q];
                }
                assertThat(dot).isCloseTo(k == q ? 1 : 0, within(1e-12));
            }
        }
    }

    @Test
    void kinksAreSaid() {
        ConeProjection ball = ConeProjection.onto(new Cone.SecondOrder(3));
        assertThat(ball.derivative(new double[] {1, 0.6, 0.8}).smooth()).isFalse();
        assertThat(ball.derivative(new double[] {0.9, 0.6, 0.8}).smooth()).isTrue();
        ConeProjection psd = ConeProjection.onto(new Cone.Psd(2));
        assertThat(psd.derivative(new double[] {1, 0, 0}).smooth()).isFalse();
        assertThat(psd.derivative(new double[] {1, 0, -1}).smooth()).isTrue();
        ConeProjection exp = ConeProjection.onto(new Cone.Exponential());
        assertThat(exp.derivative(new double[] {0, 1, 1}).smooth()).isFalse();
        assertThat(exp.derivative(new double[] {0, 1, 2}).smooth()).isTrue();
        assertThat(exp.derivative(new double[] {1, 1, -1}).smooth()).isFalse();
        assertThat(exp.derivative(new double[] {1, 1, 1}).smooth()).isTrue();
        ConeProjection power = ConeProjection.onto(new Cone.Power(0.5));
        assertThat(power.derivative(new double[] {1, 1, 1}).smooth()).isFalse();
        assertThat(power.derivative(new double[] {1, 1, 2}).smooth()).isTrue();
        assertThat(power.derivative(new double[3]).smooth()).isFalse();
    }

    /**
     * z0 = 0 between the cone and its polar: the projection there is linear across, or kept flat.
     */
    @Test
    void theEdgesOfThePowerCone() {
        for (double alpha : new double[] {0.3, 0.5, 0.7}) {
            ConeProjection onto = ConeProjection.onto(new Cone.Power(alpha));
            for (double[] v : new double[][] {{2, -1, 0}, {-1, 3, 0}}) {
                double[] near = v.clone();
                near[2] = 1e-9;
                double slope = onto.project(near)[2] / 1e-9;
                double[] across = onto.derivative(v).times(new double[] {0, 0, 1});
                assertThat(across[2]).isCloseTo(slope, within(1e-3));
            }
        }
    }

    @Test
    void knownPoints() {
        assertThat(ConeProjection.onto(new Cone.SecondOrder(3)).project(new double[] {0, 3, 4}))
                .containsExactly(new double[] {2.5, 1.5, 2}, within(1e-15));
        assertThat(ConeProjection.onto(new Cone.Psd(2)).project(new double[] {0, ROOT2, 0}))
                .containsExactly(new double[] {0.5, 0.5 * ROOT2, 0.5}, within(1e-15));
        // (0, 1, 1) plus its normal (1, 1, -1)
        assertThat(ConeProjection.onto(new Cone.Exponential()).project(new double[] {1, 2, 0}))
                .containsExactly(new double[] {0, 1, 1}, within(1e-14));
        // (1, 1, 1) plus its normal (-1/2, -1/2, 1)
        assertThat(ConeProjection.onto(new Cone.Power(0.5)).project(new double[] {0.5, 0.5, 2}))
                .containsExactly(new double[] {1, 1, 1}, within(1e-14));
        assertThat(
                        ConeProjection.onto(new Cone.Exponential())
                                .project(new double[] {1e-3, -1, 0.5}))
                .containsExactly(new double[] {0, 0, 0.5}, within(1e-12));
    }
}
