package io.argmind.problem;

import static io.argmind.problem.Convexity.Finding.CONVEX;
import static io.argmind.problem.Convexity.Finding.DEFINITE;
import static io.argmind.problem.Convexity.Finding.NOT_CONVEX;
import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.linalg.Lanes;
import io.argmind.linalg.Matrix;
import io.argmind.linalg.Pattern;
import io.argmind.linalg.WorkingMemory;
import io.argmind.problem.Convexity.Finding;
import io.argmind.testkit.Draw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConvexityTest {

    /** F diag(d) F' with a square F, so that the signs of d are those of the eigenvalues. */
    private static Matrix congruent(Draw draw, double... d) {
        int n = d.length;
        double[] F = draw.gaussians(n * n);
        double[] P = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = 0;
                for (int k = 0; k < n; k++) {
                    sum += F[i * n + k] * d[k] * F[j * n + k];
                }
                P[i * n + j] = sum;
                P[j * n + i] = sum;
            }
        }
        return new Matrix(Pattern.dense(n, n), P, 0);
    }

    private static double[] with(int n, double last) {
        double[] d = new double[n];
        Arrays.fill(d, 1);
        d[n - 1] = last;
        return d;
    }

    /** However many of each kind there are side by side. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 23})
    void everyMatrixIsJudgedByItself(int n) {
        Draw draw = new Draw(n);
        List<Matrix> matrices = new ArrayList<>();
        List<Finding> expected = new ArrayList<>();
        for (int k = 0; k < 3 * Lanes.WIDTH + 1; k++) {
            int kind = draw.integer(0, 2);
            matrices.add(congruent(draw, with(n, 1 - kind)));
            expected.add(List.of(DEFINITE, CONVEX, NOT_CONVEX).get(kind));
        }
        assertThat(Convexity.of(matrices, WorkingMemory.OF_THIS_JVM, () -> false))
                .isEqualTo(expected);
        boolean[] definite = Convexity.areDefinite(matrices);
        for (int k = 0; k < definite.length; k++) {
            assertThat(definite[k]).as("matrix %d", k).isEqualTo(expected.get(k) == DEFINITE);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6})
    void zerosAreConvexAndNotDefinite(int n) {
        Matrix zero = new Matrix(Pattern.dense(n, n), new double[n * n], 0);
        assertThat(Convexity.of(List.of(zero, zero), WorkingMemory.OF_THIS_JVM, () -> false))
                .containsExactly(CONVEX, CONVEX);
    }
}
