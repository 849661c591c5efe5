package io.argmind.solver;

/**
 * How a solution moves.
 *
 * @param x [n]
 * @param y [p]
 * @param z [m]
 * @param zBox [n]
 */
public record Direction(double[] x, double[] y, double[] z, double[] zBox) {}
