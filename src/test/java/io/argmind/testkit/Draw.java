package io.argmind.testkit;

import io.argmind.linalg.Matrix;
import io.argmind.linalg.Pattern;
import java.util.SplittableRandom;

/** Seeded random numbers, vectors and matrices: the same seed always draws the same things. */
public final class Draw {
    private final SplittableRandom random;

    public Draw(long seed) {
        this.random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + 1);
    }

    public double gaussian() {
        return random.nextGaussian();
    }

    /** A positive number bounded away from zero. */
    public double positive() {
        return 0.1 + random.nextExponential();
    }

    public boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** from, ..., to, both included. */
    public int integer(int from, int to) {
        return random.nextInt(from, to + 1);
    }

    public double[] gaussians(int n) {
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = gaussian();
        }
        return x;
    }

    /** k different indices below n, in random order. */
    public int[] indices(int n, int k) {
        int[] all = new int[n];
        for (int i = 0; i < n; i++) {
            all[i] = i;
        }
        for (int i = 0; i < k; i++) {
            int j = random.nextInt(i, n);
            int t = all[i];
            all[i] = all[j];
            all[j] = t;
        }
        return java.util.Arrays.copyOf(all, k);
    }

    /** Gaussian entries, each present with this probability; a dense pattern for density 1. */
    public Matrix matrix(int rows, int cols, double density) {
        double[] full = new double[rows * cols];
        for (int k = 0; k < full.length; k++) {
            full[k] = density >= 1 || chance(density) ? gaussian() : 0;
        }
        return density >= 1
                ? new Matrix(Pattern.dense(rows, cols), full, 0)
                : sparse(full, rows, cols);
    }

    /** The entries of a row-major array that differ from zero, in compressed rows. */
    public static Matrix sparse(double[] full, int rows, int cols) {
        int[] rowStart = new int[rows + 1];
        int[] col = new int[full.length];
        double[] values = new double[full.length];
        int at = 0;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                if (full[i * cols + j] != 0) {
                    col[at] = j;
                    values[at++] = full[i * cols + j];
                }
            }
            rowStart[i + 1] = at;
        }
        return new Matrix(
                Pattern.sparse(rows, cols, rowStart, java.util.Arrays.copyOf(col, at)),
                java.util.Arrays.copyOf(values, at),
                0);
    }

    /** Every entry of a row-major array. */
    public static Matrix dense(double[] full, int rows, int cols) {
        return new Matrix(Pattern.dense(rows, cols), full, 0);
    }
}
