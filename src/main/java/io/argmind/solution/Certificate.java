package io.argmind.solution;

/** A proof that a program has no optimum, checkable with a few products. */
public sealed interface Certificate {

    /**
     * No x is feasible: A'y + G'z + z_box = 0, z in K* (z >= 0 without cones), and b'y + h'z +
     * ub'max(z_box, 0) - lb'max(-z_box, 0) &lt; 0.
     *
     * @param y [p]
     * @param z [m]
     * @param zBox [n]
     */
    record Farkas(double[] y, double[] z, double[] zBox) implements Certificate {}

    /**
     * The objective falls along d from every feasible point: A d = 0, -G d in K (G d &lt;= 0
     * without cones), P d = 0, d_i >= 0 where lb_i is finite, d_i &lt;= 0 where ub_i is, and c'd
     * &lt; 0.
     *
     * @param d [n]
     */
    record Ray(double[] d) implements Certificate {}
}
