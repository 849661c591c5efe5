package io.argmind.testkit;

/**
 * What a manufactured program looks like.
 *
 * @param n variables
 * @param equalities rows of A
 * @param active rows of G that hold with equality and have a positive multiplier
 * @param weak rows of G that hold with equality and have no multiplier: degenerate
 * @param idle rows of G with slack; every fourth has h = +Infinity
 * @param atBound variables at a bound with a multiplier; every third of them is fixed, lb = ub
 * @param copies equalities that appear twice
 * @param integers variables that are integer; the relaxation's optimum is integral there
 * @param curvature what P is
 * @param density of A and G
 * @param decades rows are scaled by 10^-decades ... 10^decades
 * @param box which variables have bounds, besides those at a bound
 */
public record Shape(
        int n,
        int equalities,
        int active,
        int weak,
        int idle,
        int atBound,
        int copies,
        int integers,
        Curvature curvature,
        double density,
        int decades,
        Box box) {

    /** What P is. */
    public enum Curvature {
        NONE,
        DIAGONAL,
        DENSE,
        /** Dense, of half rank. */
        SINGULAR
    }

    /** Which variables have bounds. */
    public enum Box {
        NONE,
        SOME,
        ALL
    }

    /** A vertex: as many constraints are active as there are variables, all with multipliers. */
    public static Shape vertex(int n, int equalities, int atBound, int idle) {
        return new Shape(
                n,
                equalities,
                n - equalities - atBound,
                0,
                idle,
                atBound,
                0,
                0,
                Curvature.NONE,
                1,
                0,
                Box.SOME);
    }

    /** Vertices with every mix of equalities, rows and bounds, by chance. */
    public static Shape anyVertex(Draw draw, int n) {
        int equalities = draw.integer(0, n / 2);
        int atBound = draw.integer(0, n - equalities);
        return vertex(n, equalities, atBound, draw.integer(0, n));
    }

    /** An optimum of a convex quadratic program with a random active set. */
    public static Shape quadratic(Draw draw, int n, Curvature curvature) {
        int equalities = draw.integer(0, n / 3);
        int atBound = draw.integer(0, n / 3);
        int active = draw.integer(0, n - equalities - atBound);
        Shape shape = vertex(n, equalities, atBound, draw.integer(0, n)).withCurvature(curvature);
        return shape.withRows(active, 0);
    }

    public Shape withRows(int newActive, int newWeak) {
        return new Shape(
                n,
                equalities,
                newActive,
                newWeak,
                idle,
                atBound,
                copies,
                integers,
                curvature,
                density,
                decades,
                box);
    }

    public Shape withCopies(int newCopies) {
        return new Shape(
                n,
                equalities,
                active,
                weak,
                idle,
                atBound,
                newCopies,
                integers,
                curvature,
                density,
                decades,
                box);
    }

    public Shape withIntegers(int newIntegers) {
        return new Shape(
                n,
                equalities,
                active,
                weak,
                idle,
                atBound,
                copies,
                newIntegers,
                curvature,
                density,
                decades,
                box);
    }

    public Shape withCurvature(Curvature newCurvature) {
        return new Shape(
                n,
                equalities,
                active,
                weak,
                idle,
                atBound,
                copies,
                integers,
                newCurvature,
                density,
                decades,
                box);
    }

    public Shape withDensity(double newDensity) {
        return new Shape(
                n,
                equalities,
                active,
                weak,
                idle,
                atBound,
                copies,
                integers,
                curvature,
                newDensity,
                decades,
                box);
    }

    public Shape withDecades(int newDecades) {
        return new Shape(
                n,
                equalities,
                active,
                weak,
                idle,
                atBound,
                copies,
                integers,
                curvature,
                density,
                newDecades,
                box);
    }

    public Shape withBox(Box newBox) {
        return new Shape(
                n,
                equalities,
                active,
                weak,
                idle,
                atBound,
                copies,
                integers,
                curvature,
                density,
                decades,
                newBox);
    }
}
