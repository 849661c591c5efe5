package io.argmind.solution;

import io.argmind.problem.Program;

/**
 * The optimality conditions of a continuous program, linearized at a solution: what the exact
 * derivative is made of.
 */
public sealed interface OptimalitySystem permits ActiveSystem, ConicSystem {

    /** The system at a point; nothing is factored yet. */
    static OptimalitySystem at(Program program, double[] x, double[] z, double[] zBox) {
        return program.isConic()
                ? new ConicSystem(program, x, z, zBox)
                : new ActiveSystem(program, x, z, zBox);
    }

    /** Whether the system is small enough to be formed. */
    boolean isTractable();

    /**
     * Whether some constraint holds with equality and a zero multiplier, as far as that is known.
     */
    boolean isWeaklyActive();

    /**
     * Whether the exact derivative of x with respect to the cost vanishes or is not unique here. To
     * be asked of tractable systems.
     */
    boolean isDegenerate();

    /**
     * The same for less where something is known.
     *
     * @param definite whether P is known to be positive definite; false where that is not known
     */
    default boolean isDegenerate(boolean definite) {
        return isDegenerate();
    }

    /**
     * The bytes that {@link #isDegenerate} or {@link #solve} works in at the most, each of which
     * leaves some behind until this system is gone.
     */
    long bytes();

    /** -1 at the lower bound, +1 at the upper bound, 0 free. */
    int side(int variable);

    /** A solution of the system: x[n], y[p], z[m]. */
    record Direction(double[] x, double[] y, double[] z) {}

    /**
     * Solves the system, which is symmetric; in the least-squares sense with minimum norm where it
     * is singular.
     *
     * @param rx [n], entries of variables at active bounds are ignored
     * @param ry [p]
     * @param rz [m], what lies along inactive constraints is ignored
     * @return zeros at active bounds and along inactive constraints
     */
    Direction solve(double[] rx, double[] ry, double[] rz);
}
