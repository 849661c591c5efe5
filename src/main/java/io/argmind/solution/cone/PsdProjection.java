package io.argmind.solution.cone;

import io.argmind.linalg.SymmetricEigen;

/**
 * Onto positive semidefinite matrices, by their eigenvalues.
 *
 * @param side the order k of the matrix
 */
record PsdProjection(int side) implements ConeProjection {
    private static final double ROOT2 = Math.sqrt(2);

    @Override
    public double[] project(double[] v) {
        SymmetricEigen eigen = decompose(v);
        double[] out = new double[v.length];
        for (int e = 0; e < side; e++) {
            if (eigen.values()[e] > 0) {
                addProduct(out, eigen, e, e, eigen.values()[e]);
            }
        }
        return out;
    }

    private SymmetricEigen decompose(double[] v) {
        double[] full = new double[side * side];
        int at = 0;
        for (int j = 0; j < side; j++) {
            for (int i = j; i < side; i++) {
                double entry = i == j ? v[at] : v[at] / ROOT2;
                full[i * side + j] = entry;
                full[j * side + i] = entry;
                at++;
            }
        }
        return SymmetricEigen.of(full, side);
    }

    /** out += alpha svec((q_e q_f' + q_f q_e') / 2). */
    private void addProduct(double[] out, SymmetricEigen eigen, int e, int f, double alpha) {
        double[] q = eigen.vectors();
        int at = 0;
        for (int j = 0; j < side; j++) {
            for (int i = j; i < side; i++) {
                double sum = q[i * side + e] * q[j * side + f] + q[i * side + f] * q[j * side + e];
                out[at++] += alpha * (i == j ? 0.5 : 0.5 * ROOT2) * sum;
            }
        }
    }

    /**
     * Eigenvectors are the symmetric products of the matrix's eigenvectors, eigenvalues the divided
     * differences of max(., 0) (Loewner): 1 for two positive ones, 0 for two negative ones, a / (a
     * + b) for a > 0 and -b &lt; 0.
     */
    @Override
    public ProjectionDerivative derivative(double[] v) {
        SymmetricEigen eigen = decompose(v);
        double[] values = eigen.values();
        int dim = v.length;
        double[] basis = new double[dim * dim];
        double[] gain = new double[dim];
        double largest = 0;
        double least = Double.POSITIVE_INFINITY;
        int k = 0;
        for (int e = 0; e < side; e++) {
            largest = Math.max(largest, Math.abs(values[e]));
            least = Math.min(least, Math.abs(values[e]));
            for (int f = e; f < side; f++) {
                double high = Math.max(values[e], values[f]);
                double low = Math.min(values[e], values[f]);
                gain[k] = low > 0 ? 1 : high > 0 ? high / (high - low) : 0;
                double[] column = new double[dim];
                addProduct(column, eigen, e, f, e == f ? 1 : ROOT2);
                for (int i = 0; i < dim; i++) {
                    basis[i * dim + k] = column[i];
                }
                k++;
            }
        }
        return new ProjectionDerivative(basis, gain, least > ProjectionDerivative.KINK * largest);
    }
}
