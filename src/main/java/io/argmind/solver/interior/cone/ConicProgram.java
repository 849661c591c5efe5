package io.argmind.solver.interior.cone;

import io.argmind.linalg.Matrix;
import java.util.List;

/**
 * min 1/2 x'Px + c'x subject to A x = b (dual y), h - G x in K (dual z in K*), lb <= x <= ub (dual
 * z_box = z_ub - z_lb); optimal where P x + c + A'y + G'z + z_box = 0. Arrays are only read.
 *
 * @param P [n, n] both triangles, positive semidefinite
 * @param c [n]
 * @param A [p, n]
 * @param b [p]
 * @param G [m, n]
 * @param h [m]; +Infinity in rows of the nonnegative orthant that do not bind
 * @param cones the product K: their rows sum up to m
 * @param lb [n]; -Infinity where there is none
 * @param ub [n]; +Infinity where there is none
 */
public record ConicProgram(
        Matrix P,
        double[] c,
        Matrix A,
        double[] b,
        Matrix G,
        double[] h,
        List<ConeShape> cones,
        double[] lb,
        double[] ub) {

    /**
     * Checks the shapes.
     *
     * @throws IllegalArgumentException if they do not fit together
     */
    public ConicProgram {
        int n = c.length;
        cones = List.copyOf(cones);
        require(P.rows() == n && P.cols() == n, "P must be square with one row per variable");
        require(A.cols() == n && A.rows() == b.length, "A must be [b.length, n]");
        require(G.cols() == n && G.rows() == h.length, "G must be [h.length, n]");
        require(lb.length == n && ub.length == n, "lb and ub must have one entry per variable");
        int rows = 0;
        for (ConeShape cone : cones) {
            for (int i = rows; i < rows + cone.rows() && i < h.length; i++) {
                boolean open = h[i] == Double.POSITIVE_INFINITY && cone.isOrthant();
                require(open || Double.isFinite(h[i]), "only orthants may have infinite rows of h");
            }
            rows = Math.addExact(rows, cone.rows());
        }
        require(rows == h.length, "the cones must have one row for each row of G");
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
