package io.argmind.linalg;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A dense square system K u = r, factored once and solved for several right-hand sides: by LU with
 * partial pivoting and one step of iterative refinement while K is well conditioned, otherwise by
 * the complete orthogonal decomposition, whose answer is the minimum-norm least-squares solution
 * (Golub and Van Loan, Matrix Computations, 4th ed., 3.4 and 5.5). Rows and columns are
 * equilibrated first (Ruiz 2001), by powers of two: units do not decide what is singular.
 */
public final class LinearSystem {
    private static final double SINGULAR = 1e-12;
    private static final int EQUILIBRATIONS = 4;

    private final int n;
    private final double[] k; // [n, n] as given
    private final double[] lu; // [n, n] of diag(rowScale) K diag(colScale)
    private final double[] rowScale;
    private final double[] colScale;
    private final int[] pivot; // row exchanges of the LU
    private final @Nullable MinimumNorm minimumNorm;

    /**
     * Factors K.
     *
     * @param k [n, n] row-major; kept, not changed
     */
    public LinearSystem(double[] k, int n) {
        this.n = n;
        this.k = k;
        this.lu = k.clone();
        this.pivot = new int[n];
        this.rowScale = new double[n];
        this.colScale = new double[n];
        Arrays.fill(rowScale, 1);
        Arrays.fill(colScale, 1);
        for (int step = 0; step < EQUILIBRATIONS; step++) {
            equilibrate();
        }
        double norm = columnNorm();
        boolean regular = factor() && reciprocalCondition(norm) > SINGULAR;
        this.minimumNorm = regular ? null : new MinimumNorm(k.clone(), n, n);
    }

    /**
     * Whether K is singular to working precision, so that answers are minimum-norm least-squares
     * solutions.
     */
    public boolean isSingular() {
        return minimumNorm != null;
    }

    /** u as a new array for r[n]. */
    public double[] solve(double[] r) {
        if (minimumNorm != null) {
            return minimumNorm.solve(r);
        }
        double[] u = unscaled(r);
        double[] residual = r.clone();
        new Matrix(Pattern.dense(n, n), k, 0).addTimes(-1, u, residual);
        Vectors.addTimes(1, unscaled(residual), u);
        return u;
    }

    private double[] unscaled(double[] r) {
        double[] u = new double[n];
        for (int i = 0; i < n; i++) {
            u[i] = rowScale[i] * r[i];
        }
        substitute(u);
        for (int i = 0; i < n; i++) {
            u[i] *= colScale[i];
        }
        return u;
    }

    /** Brings the largest entries of rows and columns nearer to one. */
    private void equilibrate() {
        double[] row = new double[n];
        double[] col = new double[n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double v = Math.abs(lu[i * n + j]);
                row[i] = Math.max(row[i], v);
                col[j] = Math.max(col[j], v);
            }
        }
        for (int i = 0; i < n; i++) {
            row[i] = inverseRoot(row[i]);
            col[i] = inverseRoot(col[i]);
            rowScale[i] *= row[i];
            colScale[i] *= col[i];
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                lu[i * n + j] *= row[i] * col[j];
            }
        }
    }

    /** About 1 / sqrt(v), a power of two; 1 for zero and for what is no number. */
    private static double inverseRoot(double v) {
        return v > 0 && Double.isFinite(v) ? Math.scalb(1.0, -Math.getExponent(v) / 2) : 1;
    }

    /** The largest sum of absolute values in a column of the equilibrated matrix. */
    private double columnNorm() {
        double[] sums = new double[n];
        for (int k = 0; k < lu.length; k++) {
            sums[k % n] += Math.abs(lu[k]);
        }
        return Vectors.normInf(sums);
    }

    private boolean factor() {
        for (int j = 0; j < n; j++) {
            int best = j;
            for (int i = j + 1; i < n; i++) {
                if (Math.abs(lu[i * n + j]) > Math.abs(lu[best * n + j])) {
                    best = i;
                }
            }
            pivot[j] = best;
            swapRows(j, best);
            double diagonal = lu[j * n + j];
            if (diagonal == 0 || !Double.isFinite(diagonal)) {
                return false;
            }
            for (int i = j + 1; i < n; i++) {
                double f = lu[i * n + j] / diagonal;
                lu[i * n + j] = f;
                if (f != 0) {
                    for (int q = j + 1; q < n; q++) {
                        lu[i * n + q] -= f * lu[j * n + q];
                    }
                }
            }
        }
        return true;
    }

    private void swapRows(int i, int j) {
        if (i != j) {
            for (int q = 0; q < n; q++) {
                double t = lu[i * n + q];
                lu[i * n + q] = lu[j * n + q];
                lu[j * n + q] = t;
            }
        }
    }

    /** Overwrites r with K^-1 r. */
    private double[] substitute(double[] r) {
        for (int j = 0; j < n; j++) {
            double t = r[pivot[j]];
            r[pivot[j]] = r[j];
            r[j] = t;
        }
        for (int i = 0; i < n; i++) {
            double sum = r[i];
            for (int q = 0; q < i; q++) {
                sum -= lu[i * n + q] * r[q];
            }
            r[i] = sum;
        }
        for (int i = n - 1; i >= 0; i--) {
            double sum = r[i];
            for (int q = i + 1; q < n; q++) {
                sum -= lu[i * n + q] * r[q];
            }
            r[i] = sum / lu[i * n + i];
        }
        return r;
    }

    /** Overwrites r with K^-T r. */
    private double[] substituteTransposed(double[] r) {
        for (int i = 0; i < n; i++) {
            r[i] /= lu[i * n + i];
            for (int q = i + 1; q < n; q++) {
                r[q] -= lu[i * n + q] * r[i];
            }
        }
        for (int i = n - 1; i >= 0; i--) {
            for (int q = 0; q < i; q++) {
                r[q] -= lu[i * n + q] * r[i];
            }
        }
        for (int j = n - 1; j >= 0; j--) {
            double t = r[pivot[j]];
            r[pivot[j]] = r[j];
            r[j] = t;
        }
        return r;
    }

    /** Hager's estimate of 1 / (|K|_1 |K^-1|_1) for the equilibrated K. */
    private double reciprocalCondition(double norm) {
        if (n == 0) {
            return 1;
        }
        double[] v = new double[n];
        Arrays.fill(v, 1.0 / n);
        double inverse = 0;
        for (int step = 0; step < 5; step++) {
            double[] u = substitute(v.clone());
            double estimate = 0;
            double[] sign = new double[n];
            for (int i = 0; i < n; i++) {
                estimate += Math.abs(u[i]);
                sign[i] = u[i] < 0 ? -1 : 1;
            }
            inverse = Math.max(inverse, estimate);
            double[] w = substituteTransposed(sign);
            int best = 0;
            for (int i = 1; i < n; i++) {
                best = Math.abs(w[i]) > Math.abs(w[best]) ? i : best;
            }
            if (Math.abs(w[best]) <= Vectors.dot(w, v)) {
                break;
            }
            Arrays.fill(v, 0);
            v[best] = 1;
        }
        double condition = norm * inverse;
        return Double.isFinite(condition) && condition > 0 ? 1 / condition : 0;
    }
}
