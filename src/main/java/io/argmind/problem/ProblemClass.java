package io.argmind.problem;

/**
 * What a solver must be able to do: linear or convex quadratic objective, without or with integer
 * variables.
 */
public enum ProblemClass {
    LP,
    QP,
    MILP,
    MIQP;

    public boolean isQuadratic() {
        return this == QP || this == MIQP;
    }

    public boolean hasIntegers() {
        return this == MILP || this == MIQP;
    }

    /** The class of the same program with a quadratic objective. */
    public ProblemClass quadratic() {
        return hasIntegers() ? MIQP : QP;
    }

    /** The class of the same program without integrality. */
    public ProblemClass relaxed() {
        return isQuadratic() ? QP : LP;
    }
}
