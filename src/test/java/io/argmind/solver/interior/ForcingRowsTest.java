package io.argmind.solver.interior;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.linalg.Matrix;
import io.argmind.linalg.Pattern;
import io.argmind.problem.Program;
import org.junit.jupiter.api.Test;

class ForcingRowsTest {
    private static final double INF = Double.POSITIVE_INFINITY;

    private static Program program(double[] row, double side, boolean equal, double lb, double ub) {
        Matrix rows = new Matrix(Pattern.dense(1, 2), row, 0);
        Matrix none = Matrix.empty(0, 2);
        double[] sides = {side};
        return new Program(
                Matrix.empty(2, 2),
                new double[2],
                equal ? rows : none,
                equal ? sides : new double[0],
                equal ? none : rows,
                equal ? new double[0] : sides,
                new double[] {lb, lb},
                new double[] {ub, ub},
                new int[0]);
    }

    private static boolean forces(double a, double b, double side, boolean equal, double ub) {
        return ForcingRows.any(program(new double[] {a, b}, side, equal, 0, ub));
    }

    @Test
    void rowsThatTheBoundsAllowAtOnePoint() {
        assertThat(forces(1, 2, 0, true, INF)).isTrue();
        assertThat(forces(-1, -2, 0, true, INF)).isTrue();
        assertThat(forces(1, 2, 0, false, INF)).isTrue();
        assertThat(forces(1, -2, -8, true, 4)).isTrue();
        assertThat(forces(1, 2, 12, true, 4)).isTrue();
    }

    @Test
    void rowsWithRoom() {
        assertThat(forces(1, 2, 1, true, INF)).isFalse();
        assertThat(forces(1, -2, 0, true, INF)).isFalse();
        assertThat(forces(1, 2, 12, false, 4)).isFalse();
        assertThat(forces(-1, -2, 0, false, INF)).isFalse();
        assertThat(ForcingRows.any(program(new double[] {1, 2}, 0, true, -INF, INF))).isFalse();
    }
}
