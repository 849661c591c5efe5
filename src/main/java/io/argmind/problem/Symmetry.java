package io.argmind.problem;

import io.argmind.linalg.Matrix;
import java.util.Arrays;

/** Checks that P is symmetric up to rounding, and then makes it exactly so. */
final class Symmetry {
    private static final double DOUBLE_ROUNDING = 1e-8;
    private static final double SINGLE_ROUNDING = 1e-4;

    private static final int BLOCK = 16;

    private Symmetry() {}

    static MatrixField symmetrized(
            MatrixField field, boolean singlePrecision, String pointer, ErrorList errors) {
        if (field.sent() instanceof MatrixField.Coordinates at && at.upperTriangle()) {
            return field;
        }
        if (isExact(field)) {
            return field;
        }
        int nnz = field.pattern().nnz();
        int sets = !field.batched() ? 1 : nnz == 0 ? 0 : field.values().length / nnz;
        double rounding = singlePrecision ? SINGLE_ROUNDING : DOUBLE_ROUNDING;
        int[] mirror = mirror(field);
        double[] out = field.values();
        boolean copied = false;
        for (int b = 0; b < sets; b++) {
            Matrix P = field.of(b);
            double tolerance = rounding * P.maxAbs();
            boolean exact = true;
            for (int i = 0; i < P.rows(); i++) {
                for (int k = P.pattern().start(i); k < P.pattern().start(i + 1); k++) {
                    double v = P.values()[P.offset() + k];
                    double w = mirror[k] < 0 ? 0 : P.values()[P.offset() + mirror[k]];
                    exact &= v == w;
                    if (Math.abs(v - w) > tolerance) {
                        int j = P.pattern().col(i, k);
                        errors.add(
                                field.batched() ? pointer + "/" + b : pointer,
                                "expected a symmetric matrix, got P["
                                        + i
                                        + "]["
                                        + j
                                        + "] = "
                                        + v
                                        + " but P["
                                        + j
                                        + "]["
                                        + i
                                        + "] = "
                                        + w);
                        return field;
                    }
                }
            }
            if (!exact) {
                out = copied ? out : out.clone();
                copied = true;
                average(P, mirror, out);
            }
        }
        return copied
                ? new MatrixField(field.pattern(), out, field.batched(), field.sent())
                : field;
    }

    /**
     * Whether all matrices are dense and symmetric to the last bit, as those computed with care
     * are.
     */
    private static boolean isExact(MatrixField field) {
        int n = field.pattern().rows();
        double[] values = field.values();
        if (!field.pattern().isDense()) {
            return false;
        }
        for (int at = 0; at < values.length; at += n * n) {
            for (int i = 0; i < n; i += BLOCK) {
                for (int j = 0; j <= i; j += BLOCK) {
                    if (!isMirrored(values, at, n, i, j)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    /** Of one block and its mirror image, which both stay in the cache. */
    private static boolean isMirrored(double[] values, int at, int n, int top, int start) {
        boolean same = true;
        for (int i = top; i < Math.min(n, top + BLOCK); i++) {
            int row = at + i * n;
            for (int j = start; j < Math.min(i, start + BLOCK); j++) {
                same &= values[row + j] == values[at + j * n + i];
            }
        }
        return same;
    }

    private static void average(Matrix P, int[] mirror, double[] out) {
        for (int k = 0; k < mirror.length; k++) {
            double w = mirror[k] < 0 ? 0 : P.values()[P.offset() + mirror[k]];
            out[P.offset() + k] = 0.5 * (P.values()[P.offset() + k] + w);
        }
    }

    /** [nnz] where the mirror image of each stored entry is stored, -1 if nowhere. */
    private static int[] mirror(MatrixField field) {
        var pattern = field.pattern();
        int[] mirror = new int[pattern.nnz()];
        Arrays.fill(mirror, -1);
        for (int i = 0; i < pattern.rows(); i++) {
            for (int k = pattern.start(i); k < pattern.start(i + 1); k++) {
                int j = pattern.col(i, k);
                if (pattern.isDense()) {
                    mirror[k] = j * pattern.cols() + i;
                    continue;
                }
                for (int q = pattern.start(j); q < pattern.start(j + 1); q++) {
                    mirror[k] = pattern.col(j, q) == i ? q : mirror[k];
                }
            }
        }
        return mirror;
    }
}
