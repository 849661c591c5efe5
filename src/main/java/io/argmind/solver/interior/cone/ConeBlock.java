package io.argmind.solver.interior.cone;

/**
 * One cone K of the product, at a fixed place {@code at .. at + dim - 1} of the vectors s (in K)
 * and z (in the dual cone). Every array that is passed is such a full vector; a block reads and
 * writes its own part only. A block keeps the scaling H, with H z = s, of the last {@link #scale}.
 */
interface ConeBlock {
    int at();

    int dim();

    /** The barrier's parameter: what s'z is at a central point with mu = 1. */
    int degree();

    boolean isSymmetric();

    /** Sets s and z to the point that is its own image under the barrier's gradient. */
    void center(double[] s, double[] z);

    /** How far v is inside K (its smallest eigenvalue); symmetric cones only. */
    double margin(double[] v);

    /** v += by e, with e the cone's identity; symmetric cones only. */
    void shift(double[] v, double by);

    /**
     * Takes the scaling at s, z.
     *
     * @param mu the complementarity of the whole iterate
     * @param dualOnly nonsymmetric cones scale by mu f*''(z) instead of by both points
     * @return false if s or z is not inside or the numbers do not suffice
     */
    boolean scale(double[] s, double[] z, double mu, boolean dualOnly);

    /** How H enters the linear system. */
    Layout layout();

    /** The entries of H in the order that the layout says. */
    void hessian(double[] out);

    /**
     * Turns one vector of the cone into the coordinates in which H is diagonal, or back.
     *
     * @param v [dim or longer] the vector, at place 0; overwritten
     */
    default void rotate(double[] v, boolean back) {
        throw new UnsupportedOperationException("only rotated layouts have such coordinates");
    }

    /** out = H v. */
    void times(double[] v, double[] out);

    /**
     * The right-hand side of the centering and correcting direction, H dz + ds = -out.
     *
     * @param ds the affine direction of s
     * @param dz the affine direction of z
     * @param sigmaMu the complementarity aimed at
     */
    void correct(double[] s, double[] z, double[] ds, double[] dz, double sigmaMu, double[] out);

    /** The largest step up to {@code most} that keeps s + step ds and z + step dz inside. */
    double step(double[] s, double[] z, double[] ds, double[] dz, double most);

    /** Whether s and z, both inside, are near enough to the central path to go on from. */
    boolean isCentral(double[] s, double[] z, double mu);

    /** Which entries of H the linear system has. */
    enum Layout {
        /** The diagonal. */
        DIAGONAL,

        /**
         * The eigenvalues; the cone's rows are turned into H's eigenvectors. Near the end H spans
         * sixteen orders of magnitude, and its entries would no longer tell the small eigenvalues.
         */
        ROTATED,

        /**
         * H = D + e^2 (u u' - v v') with two more unknowns: the diagonal of D, the column e^2 v and
         * its pivot e^2, the column e^2 u and its pivot -e^2.
         */
        EXPANDED;

        int entries(int dim) {
            return switch (this) {
                case DIAGONAL, ROTATED -> dim;
                case EXPANDED -> 3 * dim + 2;
            };
        }
    }
}
