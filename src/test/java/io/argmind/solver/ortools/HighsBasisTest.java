package io.argmind.solver.ortools;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.linalg.Matrix;
import io.argmind.linalg.Pattern;
import io.argmind.problem.Program;
import io.argmind.solver.WarmStart;
import io.argmind.testkit.Draw;
import io.argmind.testkit.HardPrograms;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class HighsBasisTest {
    private static final int LOWER = HighsBasis.LOWER;
    private static final int BASIC = HighsBasis.BASIC;
    private static final int UPPER = HighsBasis.UPPER;
    private static final int ZERO = HighsBasis.ZERO;

    /** x0 + x1 = 1 and two inequalities, the second free; x2 has no bounds. */
    private static final Program PROGRAM =
            new Program(
                    Matrix.empty(3, 3),
                    new double[3],
                    new Matrix(Pattern.dense(1, 3), new double[] {1, 1, 0}, 0),
                    new double[] {1},
                    new Matrix(Pattern.dense(2, 3), new double[] {1, -1, 0, 1, 1, 1}, 0),
                    new double[] {0, Double.POSITIVE_INFINITY},
                    new double[] {0, 0, Double.NEGATIVE_INFINITY},
                    new double[] {1, 1, Double.POSITIVE_INFINITY},
                    new int[0]);

    private static HighsBasis basis(double[] x, double[] y, double[] z, double[] zBox) {
        return basis(PROGRAM, new WarmStart(x, y, z, zBox));
    }

    private static HighsBasis basis(Program program, WarmStart warm) {
        return Objects.requireNonNull(HighsBasis.of(program, warm));
    }

    @Test
    void whatIsAwayFromItsBoundsIsBasic() {
        HighsBasis basis =
                basis(
                        new double[] {0, 1, 5},
                        new double[] {1},
                        new double[] {0, 0},
                        new double[] {-1, 2, 0});
        assertThat(basis.cols()).containsExactly(LOWER, UPPER, BASIC);
        assertThat(basis.rows()).containsExactly(LOWER, BASIC, BASIC);
    }

    @Test
    void tooManyAreCutToTheFarthest() {
        HighsBasis basis =
                basis(
                        new double[] {0.4, 0.6, 5},
                        new double[] {1},
                        new double[] {0, 0},
                        new double[] {0, 0, 0});
        assertThat(basis.cols()).containsExactly(BASIC, UPPER, BASIC);
        assertThat(basis.rows()).containsExactly(LOWER, UPPER, BASIC);
    }

    @Test
    void tooFewAreFilledUpBySmallMultipliers() {
        Program boxed = PROGRAM.withBounds(new double[] {0, 0, 5}, new double[] {1, 1, 9});
        WarmStart warm =
                new WarmStart(
                        new double[] {0.5, 0.5, 5},
                        new double[] {3},
                        new double[] {2, 0},
                        new double[] {0, 0, -1});
        HighsBasis basis = basis(boxed, warm);
        assertThat(basis.cols()).containsExactly(BASIC, BASIC, LOWER);
        assertThat(basis.rows()).containsExactly(LOWER, UPPER, BASIC);
        WarmStart atVertex =
                new WarmStart(
                        new double[] {0, 1, 5},
                        new double[] {3},
                        new double[] {2, 0},
                        new double[] {4, 0, -1});
        HighsBasis filled = basis(boxed, atVertex);
        assertThat(filled.cols()).containsExactly(LOWER, BASIC, LOWER);
        assertThat(filled.rows()).containsExactly(LOWER, BASIC, BASIC);
    }

    @Test
    void freeVariablesThatAreNotBasicAreAtZero() {
        Program free = PROGRAM.withBounds(filled(Double.NEGATIVE_INFINITY), filled(1e308 * 10));
        HighsBasis basis = basis(free, new WarmStart(new double[] {1, 2, 3}, null, null, null));
        assertThat(basis.cols()).containsExactly(BASIC, BASIC, ZERO);
        assertThat(basis.rows()).containsExactly(LOWER, UPPER, BASIC);
    }

    @Test
    void thereAreAsManyAsRows() {
        for (int seed = 0; seed < 50; seed++) {
            Program program = HardPrograms.linear(5 + seed % 7);
            double[] x = new Draw(seed).gaussians(program.n());
            HighsBasis basis = basis(program, new WarmStart(x, null, null, null));
            long basic =
                    Arrays.stream(basis.cols()).filter(s -> s == BASIC).count()
                            + Arrays.stream(basis.rows()).filter(s -> s == BASIC).count();
            assertThat(basic).isEqualTo(program.p() + program.m());
        }
    }

    @Test
    void guessesOfAnotherShapeSayNothing() {
        assertThat(HighsBasis.of(PROGRAM, new WarmStart(new double[2], null, null, null))).isNull();
        double[] broken = {0, Double.NaN, 0};
        assertThat(HighsBasis.of(PROGRAM, new WarmStart(broken, null, null, null))).isNull();
    }

    private static double[] filled(double value) {
        double[] x = new double[3];
        Arrays.fill(x, value);
        return x;
    }
}
