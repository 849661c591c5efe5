package io.argmind.solver;

import org.jspecify.annotations.Nullable;

/**
 * A guess that a solver may use and never must: usually the solution of a program nearby.
 *
 * @param x [n]
 * @param y [p]
 * @param z [m]
 * @param zBox [n]
 */
public record WarmStart(
        double[] x, double @Nullable [] y, double @Nullable [] z, double @Nullable [] zBox) {}
