package io.argmind.problem;

import io.argmind.linalg.Matrix;
import io.argmind.linalg.Pattern;

/**
 * A matrix for every instance of a batch, in the layout in which it was sent: dense, or sparse with
 * one pattern per batch.
 *
 * @param pattern the positions of the matrix as solvers see it
 * @param values [nnz] when shared, [B, nnz] when batched
 * @param batched whether each instance has its own values
 * @param sent how the client wrote the entries, which is also how gradients go back
 */
public record MatrixField(Pattern pattern, double[] values, boolean batched, Layout sent) {

    /** How a client wrote a matrix. */
    public sealed interface Layout {

        /** The numbers of one instance's gradient. */
        int length();
    }

    /** Every entry, row-major. */
    public record Dense(int rows, int cols) implements Layout {
        @Override
        public int length() {
            return rows * cols;
        }
    }

    /**
     * Coordinates.
     *
     * @param rows [entries]
     * @param cols [entries]
     * @param slot [entries], where in the pattern the entry was added
     * @param upperTriangle whether an entry off the diagonal stands for itself and its mirror image
     */
    public record Coordinates(int[] rows, int[] cols, int[] slot, boolean upperTriangle)
            implements Layout {
        @Override
        public int length() {
            return rows.length;
        }
    }

    public static MatrixField dense(int rows, int cols, double[] values, boolean batched) {
        return new MatrixField(Pattern.dense(rows, cols), values, batched, new Dense(rows, cols));
    }

    /** The matrix that is meant where the client sent none. */
    public static MatrixField none(int rows, int cols) {
        return new MatrixField(
                Pattern.empty(rows, cols),
                new double[0],
                false,
                new Coordinates(new int[0], new int[0], new int[0], false));
    }

    /** The matrix of one instance, a view. */
    public Matrix of(int instance) {
        return new Matrix(pattern, values, batched ? instance * pattern.nnz() : 0);
    }
}
