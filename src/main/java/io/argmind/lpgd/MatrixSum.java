package io.argmind.lpgd;

import io.argmind.linalg.Matrix;
import io.argmind.linalg.Pattern;
import java.util.Map;
import java.util.TreeMap;

/** P plus the matrices of a proximal term, in the layout of P. */
final class MatrixSum {
    private MatrixSum() {}

    /** P + diag(d). */
    static Matrix plusDiagonal(Matrix P, double[] d) {
        if (P.nnz() == 0) {
            return Matrix.diagonal(d);
        }
        return plusGram(P, d, Matrix.empty(0, d.length), 0);
    }

    /** P + diag(d) + rho G'G. */
    static Matrix plusGram(Matrix P, double[] d, Matrix G, double rho) {
        int n = d.length;
        if (P.pattern().isDense() || G.pattern().isDense()) {
            double[] sum = P.toDense();
            for (int i = 0; i < n; i++) {
                sum[i * n + i] += d[i];
            }
            addGram(G, rho, (i, j, v) -> sum[i * n + j] += v);
            return new Matrix(Pattern.dense(n, n), sum, 0);
        }
        Map<Long, Double> sum = new TreeMap<>();
        Matrix.EntryVisitor add = (i, j, v) -> sum.merge((long) i * n + j, v, Double::sum);
        P.forEach(add);
        for (int i = 0; i < n; i++) {
            add.visit(i, i, d[i]);
        }
        addGram(G, rho, add);
        return sparse(sum, n);
    }

    private static void addGram(Matrix G, double rho, Matrix.EntryVisitor add) {
        for (int r = 0; r < G.rows(); r++) {
            for (int k = G.pattern().start(r); k < G.pattern().start(r + 1); k++) {
                double v = rho * G.values()[G.offset() + k];
                for (int q = G.pattern().start(r); v != 0 && q < G.pattern().start(r + 1); q++) {
                    add.visit(
                            G.pattern().col(r, k),
                            G.pattern().col(r, q),
                            v * G.values()[G.offset() + q]);
                }
            }
        }
    }

    private static Matrix sparse(Map<Long, Double> entries, int n) {
        int[] rowStart = new int[n + 1];
        int[] col = new int[entries.size()];
        double[] values = new double[entries.size()];
        int k = 0;
        for (var entry : entries.entrySet()) {
            rowStart[(int) (entry.getKey() / n) + 1]++;
            col[k] = (int) (entry.getKey() % n);
            values[k++] = entry.getValue();
        }
        for (int i = 0; i < n; i++) {
            rowStart[i + 1] += rowStart[i];
        }
        return new Matrix(Pattern.sparse(n, n, rowStart, col), values, 0);
    }
}
