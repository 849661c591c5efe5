package io.argmind.solution;

import static io.argmind.testkit.Write.below;
import static io.argmind.testkit.Write.box;
import static io.argmind.testkit.Write.cost;
import static io.argmind.testkit.Write.curved;
import static io.argmind.testkit.Write.v;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.problem.Program;
import io.argmind.solution.Solution.Point;
import io.argmind.testkit.Draw;
import io.argmind.testkit.Known;
import io.argmind.testkit.Manufactured;
import io.argmind.testkit.Shape;
import io.argmind.testkit.Shape.Curvature;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerifierTest {
    private static double[] shaken(Draw draw, double[] v, double size) {
        double[] w = v.clone();
        for (int i = 0; i < w.length; i++) {
            w[i] += size * draw.gaussian();
        }
        return w;
    }

    private static @Nullable Solution judge(
            Known k, double[] x, double[] y, double[] z, double[] box) {
        return Verifier.optimal(k.program(), x, y, z, box, 1e-8, 1);
    }

    @ParameterizedTest
    @CsvSource({
        "NONE,1e-6",
        "DIAGONAL,1e-6",
        "DENSE,1e-6",
        "SINGULAR,1e-6",
        "DENSE,1e-5",
        "NONE,1e-10"
    })
    void sharpensWhatIsNearAnOptimum(Curvature curvature, double size) {
        for (int seed = 0; seed < 50; seed++) {
            Draw draw = new Draw(seed);
            Shape shape =
                    curvature == Curvature.NONE
                            ? Shape.anyVertex(draw, 5)
                            : Shape.quadratic(draw, 5, curvature);
            Known k = Manufactured.of(seed, shape);
            Solution solution =
                    judge(
                            k,
                            shaken(draw, k.x(), size),
                            shaken(draw, k.y(), size),
                            shaken(draw, k.z(), size),
                            shaken(draw, k.zBox(), size));
            if (!k.uniqueX()) {
                continue;
            }
            assertThat(solution).as("%s", k).isNotNull();
            Point point = Objects.requireNonNull(Objects.requireNonNull(solution).point());
            for (int i = 0; i < 5; i++) {
                assertThat(point.x()[i]).isCloseTo(k.x()[i], within(1e-8));
            }
            assertThat(Verifier.relativeError(k.program(), point)).isLessThan(1e-11);
            Residuals residuals = Objects.requireNonNull(solution.residuals());
            assertThat(residuals.max()).isLessThan(1e-10);
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesWhatIsNoOptimum(Curvature curvature) {
        for (int seed = 0; seed < 50; seed++) {
            Draw draw = new Draw(seed);
            Shape shape =
                    curvature == Curvature.NONE
                            ? Shape.anyVertex(draw, 5)
                            : Shape.quadratic(draw, 5, curvature);
            Known k = Manufactured.of(seed, shape);
            Solution solution =
                    judge(
                            k,
                            shaken(draw, k.x(), 1),
                            shaken(draw, k.y(), 1),
                            shaken(draw, k.z(), 1),
                            shaken(draw, k.zBox(), 1));
            if (solution != null && k.uniqueX()) {
                // a step may have led from there to the optimum, never elsewhere
                Point point = Objects.requireNonNull(solution.point());
                assertThat(point.objective()).isCloseTo(k.objective(), within(1e-6));
            }
            if (solution != null) {
                assertThat(Objects.requireNonNull(solution.residuals()).max()).isLessThan(1e-6);
            }
        }
    }

    @Test
    void refusesWhatIsNoNumber() {
        Program q = box(curved(cost(-1), 1), 0, 2);
        double nan = Double.NaN;
        assertThat(Verifier.optimal(q, v(1), v(), v(), v(0), 1e-8, 0)).isNotNull();
        assertThat(Verifier.optimal(q, v(nan), v(), v(), v(0), 1e-8, 0)).isNull();
        assertThat(Verifier.optimal(q, v(1), v(), v(), v(nan), 1e-8, 0)).isNull();
        assertThat(Verifier.optimal(q, v(1 / 0.), v(), v(), v(0), 1e-8, 0)).isNull();
        Program row = below(q, v(1), 5);
        assertThat(Verifier.optimal(row, v(1), v(), v(nan), v(0), 1e-8, 0)).isNull();
        assertThat(Verifier.feasible(q, v(nan), v(), v(), v(0), 1e-8, 0)).isNull();
    }

    @Test
    void feasiblePointsHaveNumbersForMultipliers() {
        Program row = below(box(cost(-1), 0, 2), v(1), 5);
        Solution solution = Verifier.feasible(row, v(1), v(), v(Double.NaN), v(1 / 0.), 1e-8, 0);
        Point point = Objects.requireNonNull(Objects.requireNonNull(solution).point());
        assertThat(point.z()).containsExactly(0);
        assertThat(point.zBox()[0]).isFinite();
        assertThat(Verifier.feasible(row, v(2.1), null, null, null, 1e-8, 0)).isNull();
    }

    /** Sums of large numbers that cancel are as small as they can be. */
    @ParameterizedTest
    @ValueSource(doubles = {1, 1e3, 1e6, 1e8})
    void largeNumbersThatCancel(double far) {
        for (int seed = 0; seed < 20; seed++) {
            Draw draw = new Draw(seed);
            double a = far * (1 + 0.1 * draw.positive());
            double b = far * (1 + 0.1 * draw.positive());
            double[] c = {1e3 / 3, -1e3 / 3 * a / b}; // c'x = 0
            Program q = cost(c).withBounds(v(a, -1), v(2 * a, b));
            Solution solution = Verifier.optimal(q, v(a, b), v(), v(), null, 1e-8, 0);
            assertThat(solution).as("bounds at %s", a).isNotNull();
            Program r = below(cost(c), v(-1. / 7, 0, 0, 1. / 7), -a / 7, b / 7);
            double[] z = {7 * c[0], -7 * c[1]};
            assertThat(Verifier.optimal(r, v(a, b), v(), z, v(0, 0), 1e-8, 0))
                    .as("rows at %s", a)
                    .isNotNull();
        }
    }

    @Test
    void completesBoundMultipliers() {
        Program q = box(cost(1, -1, 0), 0, 1);
        Point point = Verifier.complete(q, v(0, 1, .5), v(), v(), null);
        assertThat(point.zBox()).containsExactly(-1, 1, 0);
        assertThat(point.objective()).isEqualTo(-1);
        Point free = Verifier.complete(cost(1, -1), v(0, 0), v(), v(), null);
        assertThat(free.zBox()).containsExactly(0, 0);
    }

    @Test
    void leavesExactPointsAlone() {
        Program q = box(curved(cost(-1), 1), 0, 2);
        Point point = Verifier.complete(q, v(1), v(), v(), v(0));
        assertThat(Verifier.sharpened(q, point)).isSameAs(point);
    }
}
