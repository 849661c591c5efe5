package io.argmind.lpgd;

import io.argmind.problem.MatrixField;
import java.util.ArrayList;
import java.util.List;

/** A matrix as a sum of few outer products l r', evaluated only where it is asked for. */
final class OuterSum {
    private final List<double[]> left = new ArrayList<>();
    private final List<double[]> right = new ArrayList<>();

    /** Adds alpha l r'. */
    void add(double alpha, double[] l, double[] r) {
        if (alpha == 0) {
            return;
        }
        double[] scaled = l.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= alpha;
        }
        left.add(scaled);
        right.add(r);
    }

    int terms() {
        return left.size();
    }

    double[] left(int k) {
        return left.get(k);
    }

    double[] right(int k) {
        return right.get(k);
    }

    /**
     * Adds the sum at the positions in which a field was sent.
     *
     * @param symmetric whether the matrix stands for its symmetric part (the gradient of P)
     * @param out [offset + layout.length()], added to
     */
    void addTo(MatrixField.Layout layout, boolean symmetric, double[] out, int offset) {
        for (int k = 0; k < left.size(); k++) {
            double[] l = left.get(k);
            double[] r = right.get(k);
            switch (layout) {
                case MatrixField.Dense dense -> addDense(dense, symmetric, l, r, out, offset);
                case MatrixField.Coordinates at -> addCoordinates(at, symmetric, l, r, out, offset);
            }
        }
    }

    private static void addDense(
            MatrixField.Dense dense,
            boolean symmetric,
            double[] l,
            double[] r,
            double[] out,
            int offset) {
        int n = dense.cols();
        for (int i = 0; i < dense.rows(); i++) {
            int row = offset + i * n;
            double li = symmetric ? 0.5 * l[i] : l[i];
            double ri = symmetric ? 0.5 * r[i] : 0;
            if (li == 0 && ri == 0) {
                continue;
            }
            for (int j = 0; j < n; j++) {
                out[row + j] += symmetric ? li * r[j] + ri * l[j] : li * r[j];
            }
        }
    }

    private static void addCoordinates(
            MatrixField.Coordinates at,
            boolean symmetric,
            double[] l,
            double[] r,
            double[] out,
            int offset) {
        for (int e = 0; e < at.rows().length; e++) {
            int i = at.rows()[e];
            int j = at.cols()[e];
            double v = symmetric ? 0.5 * (l[i] * r[j] + l[j] * r[i]) : l[i] * r[j];
            // an entry of one triangle stands for both, so it collects both
            out[offset + e] += at.upperTriangle() && i != j ? 2 * v : v;
        }
    }
}
