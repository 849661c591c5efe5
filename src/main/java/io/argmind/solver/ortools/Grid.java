package io.argmind.solver.ortools;

import io.argmind.linalg.Matrix;

/**
 * The coarsest grid 1/k that a set of numbers lies on, so that k times each of them is an integer:
 * k is a power of two, exactly; or else a power of ten, in the sense that each number is the double
 * nearest to a decimal fraction with few digits (0.1 is not on any grid of moderate size, but it is
 * the double that one gets for 1/10, and that is what it is taken for).
 */
public final class Grid {
    /** Costs in single precision fit, down to about 1e-5. */
    private static final double MOST_BINARY = 0x1p40;

    private static final double MOST_DECIMAL = 1e9;

    /** What scaled numbers must stay below, so that they are exact as doubles too. */
    private static final double MOST = 0x1p53;

    private double k = 1;
    private boolean binary = true;
    private boolean decimal = true;
    private double decimalK = 1;

    private Grid() {}

    /** k for these numbers, or NaN if there is none. */
    public static double of(double[] numbers) {
        Grid grid = new Grid();
        for (double v : numbers) {
            grid.refine(v);
        }
        return grid.k();
    }

    /** k for each row of a matrix, NaN where there is none. */
    static double[] ofRows(Matrix matrix) {
        Grid[] grids = new Grid[matrix.rows()];
        for (int i = 0; i < grids.length; i++) {
            grids[i] = new Grid();
        }
        matrix.forEach((i, j, v) -> grids[i].refine(v));
        double[] k = new double[grids.length];
        for (int i = 0; i < k.length; i++) {
            k[i] = grids[i].k();
        }
        return k;
    }

    private double k() {
        return binary ? k : decimal ? decimalK : Double.NaN;
    }

    private void refine(double v) {
        while (binary && !isInteger(v * k)) {
            k *= 2;
            binary = k <= MOST_BINARY;
        }
        while (decimal && !isDecimal(v, decimalK)) {
            decimalK *= 10;
            decimal = decimalK <= MOST_DECIMAL;
        }
    }

    private static boolean isInteger(double v) {
        return v == Math.rint(v) && Math.abs(v) <= MOST;
    }

    private static boolean isDecimal(double v, double k) {
        double scaled = Math.rint(v * k);
        return scaled / k == v && Math.abs(scaled) <= MOST;
    }
}
