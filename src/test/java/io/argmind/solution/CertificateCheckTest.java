package io.argmind.solution;

import static io.argmind.testkit.Write.below;
import static io.argmind.testkit.Write.box;
import static io.argmind.testkit.Write.cost;
import static io.argmind.testkit.Write.curved;
import static io.argmind.testkit.Write.equal;
import static io.argmind.testkit.Write.v;
import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.problem.Program;
import io.argmind.solution.Certificate.Farkas;
import io.argmind.solution.Certificate.Ray;
import io.argmind.testkit.Draw;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateCheckTest {
    private static final double INF = Double.POSITIVE_INFINITY;

    /** x1 + x2 = 1, x1 + x2 &lt;= 0.5, free. */
    private static final Program CONTRADICTION = below(equal(cost(1, 1), v(1, 1), 1), v(1, 1), 0.5);

    /** x1 + x2 >= 5 in the unit box. */
    private static final Program BOXED = box(below(cost(1, 1), v(-1, -1), -5), 0, 1);

    /** min -x1 - x2, x1 - x2 = 0, x >= 0. */
    private static final Program ENDLESS = equal(box(cost(-1, -1), 0, INF), v(1, -1), 0);

    private static boolean holds(Program program, Certificate certificate) {
        return CertificateCheck.holds(program, certificate);
    }

    private static Farkas farkas(double[] y, double[] z, double... zBox) {
        return new Farkas(y, z, zBox);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-12, 1e-3, 1, 1e6, 1e12})
    void trueOnesOfAnySize(double k) {
        assertThat(holds(CONTRADICTION, farkas(v(-k), v(k), 0, 0))).isTrue();
        assertThat(holds(BOXED, farkas(v(), v(k), k, k))).isTrue();
        assertThat(holds(ENDLESS, new Ray(v(k, k)))).isTrue();
    }

    /** Units of rows do not matter. */
    @ParameterizedTest
    @ValueSource(doubles = {1e-6, 1e-3, 1e3, 1e6})
    void trueOnesOfScaledPrograms(double k) {
        Program rows = below(equal(cost(1, 1), v(k, k), k), v(1, 1), 0.5);
        assertThat(holds(rows, farkas(v(-1 / k), v(1), 0, 0))).isTrue();
        Program ray = equal(box(cost(-k, -k), 0, INF), v(k, -k), 0);
        assertThat(holds(ray, new Ray(v(1, 1)))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-3, 1e-5, 1e-7})
    void slightlyWrongOnes(double wrong) {
        assertThat(holds(CONTRADICTION, farkas(v(-1), v(1 + wrong), 0, 0))).isFalse();
        assertThat(holds(CONTRADICTION, farkas(v(-1), v(1), wrong, 0))).isTrue(); // no such bound
        assertThat(holds(BOXED, farkas(v(), v(1), 1 - wrong, 1))).isFalse();
        assertThat(holds(BOXED, farkas(v(), v(1), 1 + wrong, 1))).isFalse();
        assertThat(holds(ENDLESS, new Ray(v(1, 1 + wrong)))).isFalse();
    }

    @Test
    void wrongSigns() {
        assertThat(holds(CONTRADICTION, farkas(v(1), v(-1), 0, 0))).isFalse();
        assertThat(holds(CONTRADICTION, farkas(v(1), v(1), 0, 0))).isFalse();
        assertThat(holds(ENDLESS, new Ray(v(-1, -1)))).isFalse(); // uphill, and out of the bounds
        assertThat(holds(equal(box(cost(1, 1), 0, INF), v(1, -1), 0), new Ray(v(1, 1)))).isFalse();
        Program feasible = below(equal(cost(1, 1), v(1, 1), 1), v(1, 1), 1.5);
        assertThat(holds(feasible, farkas(v(-1), v(1), 0, 0))).isFalse();
    }

    @Test
    void nothingIsNoProof() {
        assertThat(holds(CONTRADICTION, farkas(v(0), v(0), 0, 0))).isFalse();
        assertThat(holds(ENDLESS, new Ray(v(0, 0)))).isFalse();
        assertThat(holds(CONTRADICTION, farkas(v(Double.NaN), v(1), 0, 0))).isFalse();
        assertThat(holds(CONTRADICTION, farkas(v(-INF), v(INF), 0, 0))).isFalse();
        assertThat(holds(ENDLESS, new Ray(v(Double.NaN, 1)))).isFalse();
        assertThat(holds(ENDLESS, new Ray(v(INF, INF)))).isFalse();
    }

    @Test
    void infiniteSidesProveNothing() {
        Program open = below(equal(cost(1, 1), v(1, 1), 1), v(1, 1), INF);
        assertThat(holds(open, farkas(v(-1), v(1), 0, 0))).isFalse();
        assertThat(holds(box(open, 0, INF), farkas(v(-1), v(0), 1, 1))).isFalse();
    }

    @Test
    void raysAreStoppedByEverything() {
        Program free = cost(-1, 0);
        Ray ray = new Ray(v(1, 0));
        assertThat(holds(free, ray)).isTrue();
        assertThat(holds(box(free, -1, INF), ray)).isTrue();
        assertThat(holds(box(free, -INF, 1e6), ray)).isFalse();
        assertThat(holds(equal(free, v(1, 1), 0), ray)).isFalse();
        assertThat(holds(below(free, v(1, 0), 1e6), ray)).isFalse();
        assertThat(holds(below(free, v(1, 0), INF), ray)).isTrue();
        assertThat(holds(below(free, v(-1, 0), 0), ray)).isTrue();
        assertThat(holds(curved(free, 1, 0, 0, 0), ray)).isFalse();
        assertThat(holds(curved(free, 0, 0, 0, 1), ray)).isTrue();
    }

    /**
     * A weak row, bound or curvature stops a ray as well as a strong one, whatever stands beside
     * it.
     */
    @ParameterizedTest
    @ValueSource(doubles = {1e-3, 1e-6, 1e-9})
    void raysAreStoppedByRowsInSmallUnits(double small) {
        Program free = cost(-1, 0);
        Ray ray = new Ray(v(1, 0));
        assertThat(holds(below(free, v(small, 0), 1), ray)).isFalse();
        assertThat(holds(below(free, v(small, 0, 0, 1e4), 1, 1), ray)).isFalse();
        assertThat(holds(equal(free, v(small, 0, 0, 1e4), 1, 1), ray)).isFalse();
        assertThat(holds(curved(free, small, 0, 0, 0), ray)).isFalse();
        assertThat(holds(curved(free, small, 0, 0, 1e4), ray)).isFalse();
    }

    /** small x1 = 1 has a solution, however far away. */
    @ParameterizedTest
    @ValueSource(doubles = {1e-3, 1e-6, 1e-9})
    void farAwayIsNotNowhere(double small) {
        Program far = equal(cost(1, 1), v(small, 0), 1);
        assertThat(holds(far, farkas(v(-1), v(), 0, 0))).isFalse();
        Program beside = equal(cost(1, 1), v(small, 0, 0, 1e4), 1, 1);
        assertThat(holds(beside, farkas(v(-1, 0), v(), 0, 0))).isFalse();
        Program bounded = box(far, 0, 0.5 / small);
        assertThat(holds(bounded, farkas(v(-1), v(), small, 0))).isTrue();
    }

    @Test
    void randomFeasibleProgramsHaveNoProofs() {
        for (int seed = 0; seed < 500; seed++) {
            Draw draw = new Draw(seed);
            int n = draw.integer(1, 4);
            Program q = below(cost(draw.gaussians(n)), draw.gaussians(2 * n), draw.gaussians(2));
            double[] inside = draw.gaussians(n);
            q = q.withRightHandSides(q.b(), q.G().times(inside));
            double[] z = {draw.positive(), draw.positive()};
            assertThat(holds(q, farkas(v(), z, new double[n]))).isFalse();
            double[] near = q.G().transposeTimes(z);
            for (int i = 0; i < n; i++) {
                near[i] = -near[i];
            }
            assertThat(holds(q, farkas(v(), z, near))).isFalse();
        }
    }
}
