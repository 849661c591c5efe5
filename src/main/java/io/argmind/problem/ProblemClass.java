package io.argmind.problem;

/**
 * What a solver must be able to do: linear or convex quadratic objective, without or with integer
 * variables, or continuous with cones other than the nonnegative one.
 */
public enum ProblemClass {
    LP,
    QP,
    MILP,
    MIQP,
    /** Linear or convex quadratic objective, rows in second-order, PSD and other cones. */
    CONIC;

    /** Whether P may be other than zero. */
    public boolean isQuadratic() {
        return this == QP || this == MIQP || this == CONIC;
    }

    public boolean hasIntegers() {
        return this == MILP || this == MIQP;
    }

    /** The class of the same program with a quadratic objective. */
    public ProblemClass quadratic() {
        return switch (this) {
            case LP, QP -> QP;
            case MILP, MIQP -> MIQP;
            case CONIC -> CONIC;
        };
    }

    /** The class of the same program without integrality. */
    public ProblemClass relaxed() {
        return switch (this) {
            case LP, MILP -> LP;
            case QP, MIQP -> QP;
            case CONIC -> CONIC;
        };
    }
}
