package io.argmind.solver.interior.cone;

/**
 * One cone of the product K, over consecutive rows of h - G x.
 *
 * @param kind which cone
 * @param rows how many rows it takes
 * @param alpha the exponent of a power cone; 0 otherwise
 */
public record ConeShape(Kind kind, int rows, double alpha) {

    /** The kinds of cones. */
    public enum Kind {
        /** s >= 0. */
        NONNEGATIVE,

        /** s = (t, u) with t >= ||u||. */
        SECOND_ORDER,

        /**
         * The lower triangle by columns, off-diagonal entries times sqrt 2, of a positive
         * semidefinite matrix.
         */
        PSD,

        /** s = (x, y, z) with y exp(x / y) <= z, y > 0, and the closure. */
        EXPONENTIAL,

        /** s = (x, y, z) with x^alpha y^(1 - alpha) >= |z|, x >= 0, y >= 0. */
        POWER
    }

    public static ConeShape nonnegative(int rows) {
        return new ConeShape(Kind.NONNEGATIVE, rows, 0);
    }

    public static ConeShape secondOrder(int rows) {
        return new ConeShape(Kind.SECOND_ORDER, rows, 0);
    }

    /** Positive semidefinite matrices with {@code side} rows: side (side + 1) / 2 rows here. */
    public static ConeShape psd(int side) {
        return new ConeShape(Kind.PSD, Math.multiplyExact(side, side + 1) / 2, 0);
    }

    public static ConeShape exponential() {
        return new ConeShape(Kind.EXPONENTIAL, 3, 0);
    }

    /** The power cone with 0 < alpha < 1. */
    public static ConeShape power(double alpha) {
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("alpha must lie between 0 and 1, got " + alpha);
        }
        return new ConeShape(Kind.POWER, 3, alpha);
    }

    /** The side k of a positive semidefinite matrix with k (k + 1) / 2 = rows. */
    int side() {
        int k = (int) Math.round((Math.sqrt(8.0 * rows + 1) - 1) / 2);
        if (k * (k + 1) / 2 != rows) {
            throw new IllegalArgumentException(rows + " rows are no triangle of a matrix");
        }
        return k;
    }

    /** Whether this is the nonnegative orthant in whatever guise. */
    boolean isOrthant() {
        return switch (kind) {
            case NONNEGATIVE -> true;
            case SECOND_ORDER, PSD -> rows == 1;
            case EXPONENTIAL, POWER -> false;
        };
    }
}
