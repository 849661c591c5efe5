package io.argmind.testkit;

import io.argmind.testkit.Shape.Box;
import io.argmind.testkit.Shape.Curvature;

/** The sorts of programs that every back-end must get right. */
public enum Sort {
    ANY,
    SPARSE,
    /** More active rows than variables, some without multipliers. */
    DEGENERATE,
    /** Some equalities twice. */
    DUPLICATED,
    /** Rows scaled by 1e-4 ... 1e4. */
    BADLY_SCALED,
    EQUALITIES_ONLY,
    BOUNDS_ONLY,
    /** m = 0. */
    NO_INEQUALITIES,
    /** p = 0. */
    NO_EQUALITIES,
    /** n = 1. */
    ONE_VARIABLE,
    /** Every variable has two bounds. */
    BOXED;

    /** A shape of this sort, by chance; linear programs have their optimum at a vertex. */
    public Shape shape(Draw draw, Curvature curvature) {
        int n = this == ONE_VARIABLE ? 1 : draw.integer(2, 10);
        Shape any =
                curvature == Curvature.NONE
                        ? Shape.anyVertex(draw, n)
                        : Shape.quadratic(draw, n, curvature);
        return switch (this) {
            case ANY, ONE_VARIABLE -> any;
            case SPARSE -> any.withDensity(0.4);
            case DEGENERATE -> any.withRows(any.active(), draw.integer(1, 3));
            case DUPLICATED -> duplicated(any);
            case BADLY_SCALED -> any.withDecades(4);
            case EQUALITIES_ONLY -> only(curvature, n, n, 0, 0).withBox(Box.NONE);
            case BOUNDS_ONLY -> only(curvature, n, 0, n, 0);
            case NO_INEQUALITIES -> only(curvature, n, n / 2, n - n / 2, 0);
            case NO_EQUALITIES -> only(curvature, n, 0, n / 2, n);
            case BOXED -> any.withBox(Box.ALL);
        };
    }

    private static Shape duplicated(Shape any) {
        return any.equalities() == 0 ? any : any.withCopies(Math.min(2, any.equalities()));
    }

    /** Quadratic programs get half of the constraints of a vertex. */
    private static Shape only(Curvature curvature, int n, int equalities, int atBound, int idle) {
        Shape vertex = Shape.vertex(n, equalities, atBound, idle);
        if (curvature == Curvature.NONE) {
            return vertex;
        }
        return Shape.vertex(n, equalities / 2, atBound / 2, idle)
                .withRows(vertex.active() / 2, 0)
                .withCurvature(curvature);
    }
}
