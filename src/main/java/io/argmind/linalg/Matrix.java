package io.argmind.linalg;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A matrix as a view: the entries {@code values[offset + k]} at the positions k of a pattern.
 * Nobody writes to the values after construction, so instances of a batch share their arrays.
 *
 * @param pattern where the entries stand
 * @param values the entries, [offset + nnz] or longer
 * @param offset where this matrix's entries begin
 */
public record Matrix(Pattern pattern, double[] values, int offset) {

    /** What is done with one stored entry. */
    @FunctionalInterface
    public interface EntryVisitor {
        void visit(int row, int col, double value);
    }

    public static Matrix empty(int rows, int cols) {
        return new Matrix(Pattern.empty(rows, cols), new double[0], 0);
    }

    public static Matrix diagonal(double[] d) {
        return new Matrix(Pattern.diagonal(d.length), d, 0);
    }

    public int rows() {
        return pattern.rows();
    }

    public int cols() {
        return pattern.cols();
    }

    public int nnz() {
        return pattern.nnz();
    }

    /** y += alpha M x, with x[cols], y[rows]. */
    public void addTimes(double alpha, double[] x, double[] y) {
        if (pattern.isDense()) {
            int n = cols();
            for (int i = 0; i < rows(); i++) {
                y[i] += alpha * Kernels.dot(values, offset + i * n, x, 0, n);
            }
            return;
        }
        for (int i = 0; i < rows(); i++) {
            double sum = 0;
            for (int k = pattern.start(i); k < pattern.start(i + 1); k++) {
                sum += values[offset + k] * x[pattern.col(i, k)];
            }
            y[i] += alpha * sum;
        }
    }

    /** x += alpha M'y, with x[cols], y[rows]. */
    public void addTransposeTimes(double alpha, double[] y, double[] x) {
        int n = cols();
        for (int i = 0; i < rows(); i++) {
            double f = alpha * y[i];
            if (f == 0) {
                continue;
            }
            if (pattern.isDense()) {
                int at = offset + i * n;
                for (int j = 0; j < n; j++) {
                    x[j] += f * values[at + j];
                }
            } else {
                for (int k = pattern.start(i); k < pattern.start(i + 1); k++) {
                    x[pattern.col(i, k)] += f * values[offset + k];
                }
            }
        }
    }

    /** M x as a new array. */
    public double[] times(double[] x) {
        double[] y = new double[rows()];
        addTimes(1, x, y);
        return y;
    }

    /** M'y as a new array. */
    public double[] transposeTimes(double[] y) {
        double[] x = new double[cols()];
        addTransposeTimes(1, y, x);
        return x;
    }

    /** Visits every stored entry, also stored zeros, row by row with columns ascending. */
    public void forEach(EntryVisitor visitor) {
        for (int i = 0; i < rows(); i++) {
            for (int k = pattern.start(i); k < pattern.start(i + 1); k++) {
                visitor.visit(i, pattern.col(i, k), values[offset + k]);
            }
        }
    }

    /** The largest absolute entry; 0 without entries. */
    public double maxAbs() {
        return Kernels.maxAbs(values, offset, nnz());
    }

    public boolean isZero() {
        for (int k = offset; k < offset + nnz(); k++) {
            if (values[k] != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Raises the largest absolute entries of rows and columns to those of this matrix.
     *
     * @param inRows [rows], or null
     * @param inCols [cols]
     */
    public void raiseNorms(double @Nullable [] inRows, double[] inCols) {
        for (int i = 0; i < rows(); i++) {
            int from = offset + pattern.start(i);
            int count = pattern.start(i + 1) - pattern.start(i);
            if (inRows != null) {
                inRows[i] = Math.max(inRows[i], Kernels.maxAbs(values, from, count));
            }
            if (pattern.isDense()) {
                Kernels.raise(values, from, inCols, count);
                continue;
            }
            for (int k = pattern.start(i); k < pattern.start(i + 1); k++) {
                int j = pattern.col(i, k);
                inCols[j] = Math.max(inCols[j], Math.abs(values[offset + k]));
            }
        }
    }

    /** Whether no entry off the diagonal differs from zero. */
    public boolean isDiagonal() {
        for (int i = 0; i < rows(); i++) {
            for (int k = pattern.start(i); k < pattern.start(i + 1); k++) {
                if (pattern.col(i, k) != i && values[offset + k] != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The entries in full, row-major [rows * cols]. */
    public double[] toDense() {
        if (pattern.isDense()) {
            return Arrays.copyOfRange(values, offset, offset + nnz());
        }
        double[] full = new double[Math.multiplyExact(rows(), cols())];
        int n = cols();
        forEach((i, j, v) -> full[i * n + j] += v);
        return full;
    }

    /** How many entries of every row differ from zero. */
    public int nonzeros() {
        int count = 0;
        for (int k = 0; k < nnz(); k++) {
            count += values[offset + k] != 0 ? 1 : 0;
        }
        return count;
    }

    /** The diagonal, [min(rows, cols)]. */
    public double[] diagonal() {
        double[] d = new double[Math.min(rows(), cols())];
        forEach((i, j, v) -> {
            if (i == j) {
                d[i] += v;
            }
        });
        return d;
    }
}
