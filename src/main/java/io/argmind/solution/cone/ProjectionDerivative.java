package io.argmind.solution.cone;

/**
 * The derivative of the projection onto a cone at a point, D = Q diag(gain) Q'. It is symmetric
 * with eigenvalues in [0, 1], being the Hessian of a convex function with Lipschitz gradient: 0 in
 * directions in which the projection stands still, 1 in those in which it moves along.
 *
 * @param basis [dim, dim] row-major, orthonormal columns
 * @param gain [dim] the eigenvalues
 * @param smooth whether the point is away from where the projection has no derivative; at such
 *     points this is one of the limits of derivatives nearby
 */
public record ProjectionDerivative(double[] basis, double[] gain, boolean smooth) {
    /** Nearer to a kink than this, relative to the point, counts as on it. */
    static final double KINK = 1e-7;

    /** gain times the identity. */
    static ProjectionDerivative uniform(int dim, double gain, boolean smooth) {
        double[] gains = new double[dim];
        java.util.Arrays.fill(gains, gain);
        return diagonal(gains, smooth);
    }

    static ProjectionDerivative diagonal(double[] gain, boolean smooth) {
        int dim = gain.length;
        double[] basis = new double[dim * dim];
        for (int i = 0; i < dim; i++) {
            basis[i * dim + i] = 1;
        }
        return new ProjectionDerivative(basis, gain, smooth);
    }

    /**
     * In three dimensions on a smooth part of the boundary: the projection moves along with its own
     * ray, stands still along the normal, and follows across both by a fraction.
     *
     * @param ray [3] the projection's direction, of length 1
     * @param across [3] of length 1, orthogonal to the ray
     * @param normal [3] of length 1, orthogonal to both
     */
    static ProjectionDerivative onSurface(
            double[] ray, double[] across, double[] normal, double fraction, boolean smooth) {
        double[] basis = new double[9];
        for (int i = 0; i < 3; i++) {
            basis[3 * i] = ray[i];
            basis[3 * i + 1] = across[i];
            basis[3 * i + 2] = normal[i];
        }
        return new ProjectionDerivative(basis, new double[] {1, fraction, 0}, smooth);
    }

    /** D v as a new array. */
    public double[] times(double[] v) {
        int dim = gain.length;
        double[] out = new double[dim];
        for (int k = 0; k < dim; k++) {
            double along = 0;
            for (int i = 0; i < dim; i++) {
                along += basis[i * dim + k] * v[i];
            }
            for (int i = 0; i < dim; i++) {
                out[i] += gain[k] * along * basis[i * dim + k];
            }
        }
        return out;
    }
}
