package io.argmind.linalg;

import static io.argmind.linalg.Lanes.load;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Kernels on tiles of 4 x 4 entries of W programs. A panel is four rows of a matrix, stored column
 * by column: entry (i, k) of a panel stands at {@code [(4 k + i) W]}, so a tile is 16 W consecutive
 * doubles and a product of two panels reads both in order. Each kernel is one loop that keeps a
 * tile in registers; the compiler spills when more is put into one method.
 */
final class LaneTiles {
    /** Rows of a panel, and rows and columns of a tile. */
    static final int SIDE = 4;

    private static final int W = Lanes.WIDTH;

    /** Doubles of a tile. */
    static final int TILE = SIDE * SIDE * W;

    /** Pivots that are not larger than this are taken for zero. */
    private static final double ZERO = 1e-30;

    /** What a zero pivot is replaced by, so that its unknown stays where it is. */
    private static final double HELD = 1e30;

    /** Inverse roots of pivots that are larger than this belong to pivots that were found. */
    static final double HELD_INVERSE = 2e-15;

    private LaneTiles() {}

    /**
     * C = X + A B' over k columns.
     *
     * @param X the tile at x
     * @param A the panel at a, k columns
     * @param B the panel at b, k columns
     * @param C the tile at c, overwritten; may be X
     */
    static void addProduct(
            double[] X, int x, double[] A, int a, double[] B, int b, int k, double[] C, int c) {
        DoubleVector c00 = load(X, x);
        DoubleVector c10 = load(X, x + W);
        DoubleVector c20 = load(X, x + 2 * W);
        DoubleVector c30 = load(X, x + 3 * W);
        DoubleVector c01 = load(X, x + 4 * W);
        DoubleVector c11 = load(X, x + 5 * W);
        DoubleVector c21 = load(X, x + 6 * W);
        DoubleVector c31 = load(X, x + 7 * W);
        DoubleVector c02 = load(X, x + 8 * W);
        DoubleVector c12 = load(X, x + 9 * W);
        DoubleVector c22 = load(X, x + 10 * W);
        DoubleVector c32 = load(X, x + 11 * W);
        DoubleVector c03 = load(X, x + 12 * W);
        DoubleVector c13 = load(X, x + 13 * W);
        DoubleVector c23 = load(X, x + 14 * W);
        DoubleVector c33 = load(X, x + 15 * W);
        for (int q = 0; q < k; q++) {
            int ai = a + q * SIDE * W;
            int bi = b + q * SIDE * W;
            DoubleVector a0 = load(A, ai);
            DoubleVector a1 = load(A, ai + W);
            DoubleVector a2 = load(A, ai + 2 * W);
            DoubleVector a3 = load(A, ai + 3 * W);
            DoubleVector v = load(B, bi);
            c00 = a0.fma(v, c00);
            c10 = a1.fma(v, c10);
            c20 = a2.fma(v, c20);
            c30 = a3.fma(v, c30);
            v = load(B, bi + W);
            c01 = a0.fma(v, c01);
            c11 = a1.fma(v, c11);
            c21 = a2.fma(v, c21);
            c31 = a3.fma(v, c31);
            v = load(B, bi + 2 * W);
            c02 = a0.fma(v, c02);
            c12 = a1.fma(v, c12);
            c22 = a2.fma(v, c22);
            c32 = a3.fma(v, c32);
            v = load(B, bi + 3 * W);
            c03 = a0.fma(v, c03);
            c13 = a1.fma(v, c13);
            c23 = a2.fma(v, c23);
            c33 = a3.fma(v, c33);
        }
        c00.intoArray(C, c);
        c10.intoArray(C, c + W);
        c20.intoArray(C, c + 2 * W);
        c30.intoArray(C, c + 3 * W);
        c01.intoArray(C, c + 4 * W);
        c11.intoArray(C, c + 5 * W);
        c21.intoArray(C, c + 6 * W);
        c31.intoArray(C, c + 7 * W);
        c02.intoArray(C, c + 8 * W);
        c12.intoArray(C, c + 9 * W);
        c22.intoArray(C, c + 10 * W);
        c32.intoArray(C, c + 11 * W);
        c03.intoArray(C, c + 12 * W);
        c13.intoArray(C, c + 13 * W);
        c23.intoArray(C, c + 14 * W);
        c33.intoArray(C, c + 15 * W);
    }

    /**
     * Overwrites the tile -T with the signed Cholesky factor of T = L J L' with J = diag(+-1).
     *
     * @param t the tile, lower triangle read and written
     * @param positive how many of the four pivots are positive; the others are negative
     * @param inverse [4] at i receives 1 / L_jj
     */
    static void factor(double[] L, int t, int positive, double[] inverse, int i) {
        for (int j = 0; j < SIDE; j++) {
            int col = t + j * SIDE * W;
            for (int k = 0; k < j; k++) {
                int from = t + k * SIDE * W;
                DoubleVector f = load(L, from + j * W);
                f = k < positive ? f : f.neg();
                for (int row = j; row < SIDE; row++) {
                    load(L, from + row * W)
                            .fma(f, load(L, col + row * W))
                            .intoArray(L, col + row * W);
                }
            }
            DoubleVector pivot = load(L, col + j * W);
            pivot = j < positive ? pivot.neg() : pivot;
            DoubleVector root = held(pivot).sqrt();
            DoubleVector inv = DoubleVector.broadcast(Lanes.SPECIES, 1).div(root);
            root.intoArray(L, col + j * W);
            inv.intoArray(inverse, i + j * W);
            DoubleVector scale = j < positive ? inv.neg() : inv;
            for (int row = j + 1; row < SIDE; row++) {
                load(L, col + row * W).mul(scale).intoArray(L, col + row * W);
            }
        }
    }

    /** The pivot, or a huge one where it is not positive or not a number. */
    static DoubleVector held(DoubleVector pivot) {
        VectorMask<Double> usable = pivot.compare(VectorOperators.GT, ZERO);
        return DoubleVector.broadcast(Lanes.SPECIES, HELD).blend(pivot, usable);
    }

    /**
     * Overwrites the tile -X at x with X L^-T J, where L J L' is the factored tile at t.
     *
     * @param positive as in {@link #factor}
     */
    static void solveRight(double[] L, int x, int t, int positive, double[] inverse, int i) {
        DoubleVector s0 = signed(inverse, i, 0 >= positive);
        DoubleVector s1 = signed(inverse, i + W, 1 >= positive);
        DoubleVector s2 = signed(inverse, i + 2 * W, 2 >= positive);
        DoubleVector s3 = signed(inverse, i + 3 * W, 3 >= positive);
        DoubleVector l10 = signed(L, t + W, 0 < positive);
        DoubleVector l20 = signed(L, t + 2 * W, 0 < positive);
        DoubleVector l30 = signed(L, t + 3 * W, 0 < positive);
        DoubleVector l21 = signed(L, t + 6 * W, 1 < positive);
        DoubleVector l31 = signed(L, t + 7 * W, 1 < positive);
        DoubleVector l32 = signed(L, t + 11 * W, 2 < positive);
        for (int row = 0; row < SIDE; row++) {
            int at = x + row * W;
            DoubleVector x0 = load(L, at).mul(s0);
            DoubleVector x1 = x0.fma(l10, load(L, at + 4 * W)).mul(s1);
            DoubleVector x2 = x1.fma(l21, x0.fma(l20, load(L, at + 8 * W))).mul(s2);
            DoubleVector x3 = x2.fma(l32, x1.fma(l31, x0.fma(l30, load(L, at + 12 * W)))).mul(s3);
            x0.intoArray(L, at);
            x1.intoArray(L, at + 4 * W);
            x2.intoArray(L, at + 8 * W);
            x3.intoArray(L, at + 12 * W);
        }
    }

    private static DoubleVector signed(double[] x, int at, boolean plus) {
        DoubleVector v = load(x, at);
        return plus ? v : v.neg();
    }

    /** u_J = L_JJ^-1 (u_J - sum_k L_Jk u_k), k over the columns before the tile of panel J. */
    static void forward(double[] L, int panel, int columns, double[] inverse, double[] u) {
        int own = columns * W;
        DoubleVector u0 = load(u, own);
        DoubleVector u1 = load(u, own + W);
        DoubleVector u2 = load(u, own + 2 * W);
        DoubleVector u3 = load(u, own + 3 * W);
        for (int k = 0; k < columns; k++) {
            int at = panel + k * SIDE * W;
            DoubleVector v = load(u, k * W).neg();
            u0 = load(L, at).fma(v, u0);
            u1 = load(L, at + W).fma(v, u1);
            u2 = load(L, at + 2 * W).fma(v, u2);
            u3 = load(L, at + 3 * W).fma(v, u3);
        }
        int t = panel + columns * SIDE * W;
        u0 = u0.mul(load(inverse, own));
        u1 = u0.neg().fma(load(L, t + W), u1).mul(load(inverse, own + W));
        u2 = u1.neg().fma(load(L, t + 6 * W), u0.neg().fma(load(L, t + 2 * W), u2));
        u2 = u2.mul(load(inverse, own + 2 * W));
        u3 = u1.neg().fma(load(L, t + 7 * W), u0.neg().fma(load(L, t + 3 * W), u3));
        u3 = u2.neg().fma(load(L, t + 11 * W), u3).mul(load(inverse, own + 3 * W));
        u0.intoArray(u, own);
        u1.intoArray(u, own + W);
        u2.intoArray(u, own + 2 * W);
        u3.intoArray(u, own + 3 * W);
    }

    /** u_J = L_JJ^-T u_J, then u_k -= L_Jk' u_J for the columns before the tile of panel J. */
    static void backward(double[] L, int panel, int columns, double[] inverse, double[] u) {
        int own = columns * W;
        int t = panel + columns * SIDE * W;
        DoubleVector u3 = load(u, own + 3 * W).mul(load(inverse, own + 3 * W)).neg();
        DoubleVector u2 = u3.fma(load(L, t + 11 * W), load(u, own + 2 * W));
        u2 = u2.mul(load(inverse, own + 2 * W)).neg();
        DoubleVector u1 = u3.fma(load(L, t + 7 * W), load(u, own + W));
        u1 = u2.fma(load(L, t + 6 * W), u1).mul(load(inverse, own + W)).neg();
        DoubleVector u0 = u3.fma(load(L, t + 3 * W), load(u, own));
        u0 = u1.fma(load(L, t + W), u2.fma(load(L, t + 2 * W), u0));
        u0 = u0.mul(load(inverse, own)).neg();
        u0.neg().intoArray(u, own);
        u1.neg().intoArray(u, own + W);
        u2.neg().intoArray(u, own + 2 * W);
        u3.neg().intoArray(u, own + 3 * W);
        for (int k = 0; k < columns; k++) {
            int at = panel + k * SIDE * W;
            DoubleVector v = load(L, at).fma(u0, load(u, k * W));
            v = load(L, at + W).fma(u1, v);
            v = load(L, at + 2 * W).fma(u2, v);
            load(L, at + 3 * W).fma(u3, v).intoArray(u, k * W);
        }
    }

    /** y[4] += M x[from, from + k) over k columns of a panel. */
    static void times(double[] M, int panel, int k, double[] x, int from, double[] y, int at) {
        DoubleVector y0 = load(y, at);
        DoubleVector y1 = load(y, at + W);
        DoubleVector y2 = load(y, at + 2 * W);
        DoubleVector y3 = load(y, at + 3 * W);
        for (int q = 0; q < k; q++) {
            int m = panel + q * SIDE * W;
            DoubleVector v = load(x, from + q * W);
            y0 = load(M, m).fma(v, y0);
            y1 = load(M, m + W).fma(v, y1);
            y2 = load(M, m + 2 * W).fma(v, y2);
            y3 = load(M, m + 3 * W).fma(v, y3);
        }
        y0.intoArray(y, at);
        y1.intoArray(y, at + W);
        y2.intoArray(y, at + 2 * W);
        y3.intoArray(y, at + 3 * W);
    }

    /** x += M' y over the k columns of a panel, with y[4] at {@code at}. */
    static void transposeTimes(double[] M, int panel, int k, double[] y, int at, double[] x) {
        DoubleVector y0 = load(y, at);
        DoubleVector y1 = load(y, at + W);
        DoubleVector y2 = load(y, at + 2 * W);
        DoubleVector y3 = load(y, at + 3 * W);
        for (int q = 0; q < k; q++) {
            int m = panel + q * SIDE * W;
            DoubleVector v = load(M, m).fma(y0, load(x, q * W));
            v = load(M, m + W).fma(y1, v);
            v = load(M, m + 2 * W).fma(y2, v);
            load(M, m + 3 * W).fma(y3, v).intoArray(x, q * W);
        }
    }

    /**
     * x_q = max(x_q, |M_q|) over the k columns of a panel, and y[4] at {@code at} along its rows.
     */
    static void raise(double[] M, int panel, int k, double[] y, int at, double[] x) {
        DoubleVector y0 = load(y, at);
        DoubleVector y1 = load(y, at + W);
        DoubleVector y2 = load(y, at + 2 * W);
        DoubleVector y3 = load(y, at + 3 * W);
        for (int q = 0; q < k; q++) {
            int m = panel + q * SIDE * W;
            DoubleVector m0 = load(M, m).abs();
            DoubleVector m1 = load(M, m + W).abs();
            DoubleVector m2 = load(M, m + 2 * W).abs();
            DoubleVector m3 = load(M, m + 3 * W).abs();
            y0 = y0.max(m0);
            y1 = y1.max(m1);
            y2 = y2.max(m2);
            y3 = y3.max(m3);
            load(x, q * W).max(m0.max(m1)).max(m2.max(m3)).intoArray(x, q * W);
        }
        y0.intoArray(y, at);
        y1.intoArray(y, at + W);
        y2.intoArray(y, at + 2 * W);
        y3.intoArray(y, at + 3 * W);
    }

    /**
     * Both products of a panel of a symmetric matrix left of its diagonal tile: y_J += M u and y +=
     * M' u_J.
     */
    static void symmetricTimes(double[] M, int panel, int k, double[] u, int at, double[] y) {
        DoubleVector u0 = load(u, at);
        DoubleVector u1 = load(u, at + W);
        DoubleVector u2 = load(u, at + 2 * W);
        DoubleVector u3 = load(u, at + 3 * W);
        DoubleVector y0 = load(y, at);
        DoubleVector y1 = load(y, at + W);
        DoubleVector y2 = load(y, at + 2 * W);
        DoubleVector y3 = load(y, at + 3 * W);
        for (int q = 0; q < k; q++) {
            int m = panel + q * SIDE * W;
            DoubleVector v = load(u, q * W);
            DoubleVector m0 = load(M, m);
            DoubleVector m1 = load(M, m + W);
            DoubleVector m2 = load(M, m + 2 * W);
            DoubleVector m3 = load(M, m + 3 * W);
            y0 = m0.fma(v, y0);
            y1 = m1.fma(v, y1);
            y2 = m2.fma(v, y2);
            y3 = m3.fma(v, y3);
            DoubleVector w = m0.fma(u0, load(y, q * W));
            w = m1.fma(u1, w);
            w = m2.fma(u2, w);
            m3.fma(u3, w).intoArray(y, q * W);
        }
        y0.intoArray(y, at);
        y1.intoArray(y, at + W);
        y2.intoArray(y, at + 2 * W);
        y3.intoArray(y, at + 3 * W);
    }

    /** B = -A for a tile. */
    static void negate(double[] A, int a, double[] B, int b) {
        for (int i = 0; i < TILE; i += W) {
            load(A, a + i).neg().intoArray(B, b + i);
        }
    }

    /** B = -M diag(d) for a panel of k columns. */
    static void negateAndScale(double[] M, int panel, int k, double[] d, double[] B) {
        for (int q = 0; q < k; q++) {
            int m = panel + q * SIDE * W;
            int b = q * SIDE * W;
            DoubleVector f = load(d, q * W).neg();
            load(M, m).mul(f).intoArray(B, b);
            load(M, m + W).mul(f).intoArray(B, b + W);
            load(M, m + 2 * W).mul(f).intoArray(B, b + 2 * W);
            load(M, m + 3 * W).mul(f).intoArray(B, b + 3 * W);
        }
    }
}
