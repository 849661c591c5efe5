package io.argmind.linalg;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Factoring a quasi-definite matrix and solving with it, per program: lanes against plain loops
 * over one program at a time, once with inner products, which stay scalar because their order is
 * fixed, and once with updates of columns, which the compiler turns into SIMD inside one program.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class LaneFactorBench {
    private static final int W = Lanes.WIDTH;

    /** Programs per invocation, a multiple of every width. */
    private static final int PROGRAMS = 64;

    @Param({"10", "50", "100"})
    int n;

    private int positive;
    private double[][] full = {}; // [W][n * n], row-major
    private double[][] right = {}; // [W][n]
    private double[] one = {}; // [n] a solution of the loops
    private double[] L = {}; // [n * n] the factor of the loops
    private double[] inverse = {}; // [n]
    private double[] zero = {};
    private double[] rights = {};
    private double[] all = {}; // a solution of the lanes
    private LaneSymmetric K = new LaneSymmetric(0);
    private LaneFactor factor = new LaneFactor(0, 0);

    /** [H A'; A -D] with H and D diagonally dominant. */
    @Setup
    public void setUp() {
        positive = n - n / 5;
        Random random = new Random(1);
        full = new double[W][n * n];
        right = new double[W][n];
        one = new double[n];
        L = new double[n * n];
        inverse = new double[n];
        zero = Lanes.vector(n);
        K = new LaneSymmetric(n);
        factor = new LaneFactor(n, positive);
        rights = K.vector();
        all = K.vector();
        for (int l = 0; l < W; l++) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < i; j++) {
                    full[l][i * n + j] = full[l][j * n + i] = random.nextGaussian();
                }
                full[l][i * n + i] = i < positive ? 2 * n : -2 * n;
                right[l][i] = random.nextGaussian();
            }
            K.putSymmetric(l, full[l], 0, n);
            Lanes.put(right[l], 0, n, rights, l);
        }
        solveGroup();
        for (int l = 0; l < W; l++) {
            rows(l);
            requireSame(Lanes.take(all, n, l));
            columns(l);
            requireSame(Lanes.take(all, n, l));
        }
    }

    private void requireSame(double[] expected) {
        for (int i = 0; i < n; i++) {
            if (!(Math.abs(one[i] - expected[i]) < 1e-12)) {
                throw new IllegalStateException("the solutions differ");
            }
        }
    }

    private void solveGroup() {
        factor.factor(K, zero, null, null);
        System.arraycopy(rights, 0, all, 0, rights.length);
        factor.solve(all);
    }

    @Benchmark
    @OperationsPerInvocation(PROGRAMS)
    public double[] lanes() {
        for (int k = 0; k < PROGRAMS / W; k++) {
            solveGroup();
        }
        return all;
    }

    @Benchmark
    @OperationsPerInvocation(PROGRAMS)
    public double[] innerProducts() {
        for (int k = 0; k < PROGRAMS; k++) {
            rows(k % W);
        }
        return one;
    }

    @Benchmark
    @OperationsPerInvocation(PROGRAMS)
    public double[] columnUpdates() {
        for (int k = 0; k < PROGRAMS; k++) {
            columns(k % W);
        }
        return one;
    }

    /** L by rows, each entry an inner product of two. */
    private void rows(int l) {
        double[] M = full[l];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                int plus = Math.min(j, positive);
                double sum = M[i * n + j];
                for (int k = 0; k < plus; k++) {
                    sum -= L[i * n + k] * L[j * n + k];
                }
                for (int k = plus; k < j; k++) {
                    sum += L[i * n + k] * L[j * n + k];
                }
                double signed = j < positive ? sum : -sum;
                if (i == j) {
                    L[i * n + i] = Math.sqrt(signed);
                    inverse[i] = 1 / L[i * n + i];
                } else {
                    L[i * n + j] = signed * inverse[j];
                }
            }
        }
        System.arraycopy(right[l], 0, one, 0, n);
        for (int i = 0; i < n; i++) {
            double sum = one[i];
            for (int k = 0; k < i; k++) {
                sum -= L[i * n + k] * one[k];
            }
            one[i] = sum * inverse[i];
        }
        turn();
        for (int i = n - 1; i >= 0; i--) {
            one[i] *= inverse[i];
            for (int k = 0; k < i; k++) {
                one[k] -= L[i * n + k] * one[i];
            }
        }
    }

    /** L by columns, each the matrix's less multiples of those before. */
    private void columns(int l) {
        double[] M = full[l];
        for (int j = 0; j < n; j++) {
            System.arraycopy(M, j * n + j, L, j * n + j, n - j);
            for (int k = 0; k < j; k++) {
                subtract(L, k * n, k < positive ? L[k * n + j] : -L[k * n + j], j);
            }
            double root = Math.sqrt(Math.abs(L[j * n + j]));
            inverse[j] = 1 / root;
            double scale = j < positive ? inverse[j] : -inverse[j];
            for (int i = j; i < n; i++) {
                L[j * n + i] *= scale;
            }
        }
        System.arraycopy(right[l], 0, one, 0, n);
        for (int j = 0; j < n; j++) {
            one[j] *= inverse[j];
            for (int i = j + 1; i < n; i++) {
                one[i] -= L[j * n + i] * one[j];
            }
        }
        turn();
        for (int j = n - 1; j >= 0; j--) {
            double sum = one[j];
            for (int i = j + 1; i < n; i++) {
                sum -= L[j * n + i] * one[i];
            }
            one[j] = sum * inverse[j];
        }
    }

    /** Column j less f times the column at from. */
    private void subtract(double[] x, int from, double f, int j) {
        int to = j * n;
        for (int i = j; i < n; i++) {
            x[to + i] -= f * x[from + i];
        }
    }

    private void turn() {
        for (int i = positive; i < n; i++) {
            one[i] = -one[i];
        }
    }
}
