package io.argmind.solution;

import static io.argmind.testkit.Write.below;
import static io.argmind.testkit.Write.box;
import static io.argmind.testkit.Write.cost;
import static io.argmind.testkit.Write.curved;
import static io.argmind.testkit.Write.equal;
import static io.argmind.testkit.Write.v;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.problem.Program;
import io.argmind.testkit.Draw;
import io.argmind.testkit.Known;
import io.argmind.testkit.Manufactured;
import io.argmind.testkit.Shape;
import io.argmind.testkit.Sort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResidualsTest {
    /** min x1^2 + x2^2/2 - 4 x1 - x2, x1 + x2 = 1, x1 - x2 &lt;= 0.5, 0 &lt;= x &lt;= 2. */
    private static final Program PROGRAM =
            box(below(equal(curved(cost(-4, -1), 2, 0, 0, 1), v(1, 1), 1), v(1, -1), 0.5), 0, 2);

    @ParameterizedTest
    @EnumSource
    void vanishAtManufacturedOptima(Sort sort) {
        for (int seed = 0; seed < 20; seed++) {
            for (Shape.Curvature curvature : Shape.Curvature.values()) {
                Shape shape = sort.shape(new Draw(seed), curvature);
                Known known = Manufactured.of(seed, shape);
                Residuals r =
                        Residuals.of(
                                known.program(), known.x(), known.y(), known.z(), known.zBox());
                double scale = Math.pow(10, 2 * shape.decades());
                assertThat(r.max()).as("%s", known).isLessThan(1e-11 * scale);
            }
        }
    }

    @Test
    void optimumByHand() {
        // x = (.75, .25): P x + c = (-2.5, -.75); y + z = 2.5, y - z = .75
        Residuals r = Residuals.of(PROGRAM, v(.75, .25), v(1.625), v(.875), v(0, 0));
        assertThat(r.max()).isLessThan(1e-15);
    }

    @Test
    void primal() {
        assertThat(Residuals.primal(PROGRAM, v(.7, .2))).isCloseTo(.1, within(1e-15)); // equality
        assertThat(Residuals.primal(PROGRAM, v(.9, .1))).isCloseTo(.3, within(1e-15)); // row
        assertThat(Residuals.primal(PROGRAM, v(-1, 2))).isEqualTo(1); // lower bound
        assertThat(Residuals.primal(PROGRAM, v(-2.5, 3.5))).isEqualTo(2.5);
        assertThat(Residuals.primal(PROGRAM, v(-1.5, 3))).isEqualTo(1.5);
        assertThat(Residuals.primal(PROGRAM, v(Double.NaN, 0))).isNaN();
        assertThat(Residuals.primal(PROGRAM, v(.25, .75))).isZero();
    }

    @Test
    void dual() {
        double[] x = {.75, .25};
        assertThat(Residuals.of(PROGRAM, x, v(1.625), v(.875), v(.5, 0)).dual()).isEqualTo(.5);
        assertThat(Residuals.of(PROGRAM, x, v(1.5), v(.875), v(0, 0)).dual()).isEqualTo(.125);
        // a negative multiplier is an error by itself
        assertThat(Residuals.of(PROGRAM, x, v(3), v(-.5), v(0, -2.75)).dual()).isEqualTo(.5);
        // so is a multiplier of a bound that does not exist
        Program free = cost(1, 0);
        assertThat(Residuals.of(free, v(0, 0), v(), v(), v(-1, 0)).dual()).isEqualTo(1);
        Program half = free.withBounds(v(0, 0), free.ub());
        assertThat(Residuals.of(half, v(0, 0), v(), v(), v(-1, 0)).dual()).isZero();
        assertThat(Residuals.of(half, v(0, 0), v(), v(), v(1, 0)).dual()).isEqualTo(2);
    }

    @Test
    void gap() {
        Residuals r = Residuals.of(PROGRAM, v(.75, .25), v(1.625), v(.875), v(0, 1));
        assertThat(r.gap()).isEqualTo(2); // an idle bound's multiplier: ub times 1
        Residuals lower = Residuals.of(PROGRAM, v(.75, .25), v(1.625), v(.875), v(0, -1));
        assertThat(lower.gap()).isZero(); // lb is 0
    }

    @Test
    void infinitiesThatDoNotBindCostNothing() {
        Program q = below(box(cost(1), 0, Double.POSITIVE_INFINITY), v(1), 1 / 0.);
        Residuals r = Residuals.of(q, v(0), v(), v(0), v(-1));
        assertThat(r.max()).isZero();
        assertThat(Residuals.of(q, v(0), v(), v(1), v(-2)).gap()).isInfinite();
    }

    @Test
    void nothingAtAll() {
        assertThat(Residuals.of(cost(0, 0), v(1, 2), v(), v(), v(0, 0)).max()).isZero();
    }
}
