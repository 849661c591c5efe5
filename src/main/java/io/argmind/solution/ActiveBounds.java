package io.argmind.solution;

import io.argmind.linalg.Vectors;
import io.argmind.problem.Program;

/**
 * Which bounds of a program are active at a point: those whose multiplier exceeds their distance.
 * Bounds that are active by neither, or only barely, leave the variable free.
 */
final class ActiveBounds {
    /** Distances and multipliers below this (relative) make a constraint weakly active. */
    static final double WEAK = 1e-7;

    private final int[] side; // [n] 0 free, -1 at lb, +1 at ub
    private final int[] free; // indices of free variables
    private final boolean weak;

    ActiveBounds(Program program, double[] x, double[] zBox) {
        boolean anyWeak = false;
        this.side = new int[x.length];
        double costScale = 1 + Vectors.normInf(program.c());
        int freeCount = 0;
        for (int i = 0; i < x.length; i++) {
            double below = x[i] - program.lb()[i];
            double above = program.ub()[i] - x[i];
            if (program.lb()[i] == program.ub()[i]) {
                side[i] = zBox[i] < 0 ? -1 : 1;
            } else if (-zBox[i] > below) {
                side[i] = -1;
            } else if (zBox[i] > above) {
                side[i] = 1;
            } else {
                freeCount++;
            }
            double distance = Math.min(below, above);
            anyWeak |=
                    program.lb()[i] != program.ub()[i]
                            && distance < WEAK * (1 + Math.abs(x[i]))
                            && Math.abs(zBox[i]) < WEAK * costScale;
        }
        this.weak = anyWeak;
        this.free = new int[freeCount];
        for (int i = 0, k = 0; i < side.length; i++) {
            if (side[i] == 0) {
                free[k++] = i;
            }
        }
    }

    /** [n] -1 at the lower bound, +1 at the upper bound, 0 free. */
    int[] side() {
        return side;
    }

    /** The variables that are not at an active bound, ascending. */
    int[] free() {
        return free;
    }

    /** Whether some bound holds with equality and a zero multiplier. */
    boolean isWeak() {
        return weak;
    }
}
