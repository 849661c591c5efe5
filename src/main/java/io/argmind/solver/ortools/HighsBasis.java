package io.argmind.solver.ortools;

import io.argmind.linalg.Vectors;
import io.argmind.problem.Program;
import io.argmind.solver.WarmStart;
import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A simplex basis as HiGHS takes it: a status for every variable and every row.
 *
 * @param cols [n]
 * @param rows [p + m]
 */
record HighsBasis(int[] cols, int[] rows) {
    static final int LOWER = 0;
    static final int BASIC = 1;
    static final int UPPER = 2;
    static final int ZERO = 3;

    /** A constraint this near, relative to one plus the bound, is active. */
    private static final double ACTIVE = 1e-7;

    /**
     * The basis that a point speaks for, a function of nothing but the arguments. As many variables
     * and rows as there are rows become basic: first those away from their bounds, the farthest
     * first, then those with the smallest multipliers; where that does not decide, rows go before
     * variables and small indices before large ones.
     *
     * @return null if the point says nothing about this program
     */
    static @Nullable HighsBasis of(Program program, WarmStart warm) {
        if (warm.x().length != program.n() || !Vectors.allFinite(warm.x())) {
            return null;
        }
        int height = program.p() + program.m();
        HighsBasis basis = new HighsBasis(new int[program.n()], new int[height]);
        double[] key =
                new double[height + program.n()]; // rows, then variables; the smallest become basic
        basis.placeRows(program, warm, key);
        basis.placeCols(program, warm, key);
        basis.choose(key);
        return basis;
    }

    private void placeRows(Program program, WarmStart warm, double[] key) {
        int p = program.p();
        int m = program.m();
        double[] slack = program.slack(warm.x());
        for (int i = 0; i < p; i++) {
            rows[i] = LOWER;
            key[i] = key(0, program.b()[i], multiplier(warm.y(), p, i));
        }
        for (int i = 0; i < m; i++) {
            double h = program.h()[i];
            rows[p + i] = Double.isInfinite(h) ? ZERO : UPPER;
            key[p + i] = key(slack[i], h, multiplier(warm.z(), m, i));
        }
    }

    private void placeCols(Program program, WarmStart warm, double[] key) {
        for (int i = 0; i < cols.length; i++) {
            double lb = program.lb()[i];
            double ub = program.ub()[i];
            double x = warm.x()[i];
            boolean below = x - lb <= ub - x;
            double bound = below ? lb : ub;
            cols[i] = Double.isInfinite(bound) ? ZERO : below ? LOWER : UPPER;
            double multiplier = multiplier(warm.zBox(), cols.length, i);
            key[rows.length + i] = key(Math.min(x - lb, ub - x), bound, multiplier);
        }
    }

    /** Negative away from the bound, the multiplier's size at it. */
    private static double key(double distance, double bound, double multiplier) {
        return distance > ACTIVE * (1 + Math.abs(bound)) || Double.isInfinite(bound)
                ? -distance
                : Math.abs(multiplier);
    }

    private void choose(double[] key) {
        Integer[] order = new Integer[key.length];
        Arrays.setAll(order, k -> k);
        Arrays.sort(order, Comparator.comparingDouble(k -> key[k])); // stable
        for (int k = 0; k < rows.length; k++) {
            int chosen = order[k];
            if (chosen < rows.length) {
                rows[chosen] = BASIC;
            } else {
                cols[chosen - rows.length] = BASIC;
            }
        }
    }

    private static double multiplier(double @Nullable [] all, int length, int i) {
        return all != null && all.length == length && Double.isFinite(all[i]) ? all[i] : 0;
    }
}
