package io.argmind.solver.interior.cone;

/**
 * A primal-dual point, or a certificate: then entries that prove nothing are zero.
 *
 * @param x [n]
 * @param y [p]
 * @param z [m] in the dual cone; 0 in rows with infinite h
 * @param zBox [n] positive at upper, negative at lower bounds
 */
public record ConicPoint(double[] x, double[] y, double[] z, double[] zBox) {}
