package io.argmind.problem;

import io.argmind.linalg.Cholesky;
import io.argmind.linalg.LaneDefinite;
import io.argmind.linalg.Matrix;
import io.argmind.linalg.NotEnoughMemoryException;
import io.argmind.linalg.StoppedException;
import io.argmind.linalg.WorkingMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Whether P is positive semidefinite up to rounding, which every solver of convex programs takes
 * for granted.
 */
public final class Convexity {
    private static final double ROUNDING = 1e-8;

    /**
     * Denser work than this is not done ahead of a solve; larger matrices are accepted when
     * diagonally dominant.
     */
    private static final int MAX_DENSE = 3000;

    /** Larger matrices do not fit side by side into the cache. */
    private static final int MAX_LANES = 400;

    /** A matrix is definite if it still is with this part of its largest entry less. */
    private static final double MARGIN = 1e-12;

    private Convexity() {}

    /** What the check found. */
    public enum Finding {
        /** Positive definite by a margin of rounding. */
        DEFINITE,
        /** Positive semidefinite up to rounding; perhaps more. */
        CONVEX,
        NOT_CONVEX,
        /**
         * Too large to find out here, or too little time; the residuals of the answer will tell.
         */
        UNKNOWN
    }

    /**
     * Looks at several matrices of one pattern; dense ones are looked at side by side.
     *
     * @param all not empty
     * @param memory for large ones
     * @param stopped ends the wait for it
     * @return one finding per matrix
     */
    public static List<Finding> of(
            List<Matrix> all, WorkingMemory memory, BooleanSupplier stopped) {
        Matrix first = all.getFirst();
        if (!first.pattern().isDense() || first.rows() > MAX_LANES) {
            return all.stream().map(P -> of(P, memory, stopped)).toList();
        }
        LaneDefinite lanes = new LaneDefinite(first.rows());
        boolean[] definite = lanes.test(all, LaneDefinite.shifts(all, -MARGIN));
        boolean[] convex =
                allOf(definite) ? definite : lanes.test(all, LaneDefinite.shifts(all, ROUNDING));
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < convex.length; i++) {
            // what the lanes do not find positive is looked at once more, zero matrices too
            Finding other = convex[i] ? Finding.CONVEX : of(all.get(i), memory, stopped);
            findings.add(definite[i] ? Finding.DEFINITE : other);
        }
        return findings;
    }

    /**
     * Which of several dense matrices of one size are positive definite by a margin of rounding;
     * false where that is not known.
     */
    public static boolean[] areDefinite(List<Matrix> all) {
        Matrix first = all.getFirst();
        if (!first.pattern().isDense() || first.rows() > MAX_LANES) {
            return new boolean[all.size()];
        }
        return new LaneDefinite(first.rows()).test(all, LaneDefinite.shifts(all, -MARGIN));
    }

    private static boolean allOf(boolean[] values) {
        for (boolean value : values) {
            if (!value) {
                return false;
            }
        }
        return true;
    }

    /** Looks at the rows of P that have entries. */
    private static Finding of(Matrix P, WorkingMemory memory, BooleanSupplier stopped) {
        int n = P.rows();
        double[] diagonal = P.diagonal();
        double[] off = new double[n];
        P.forEach((i, j, v) -> off[i] += i == j ? 0 : Math.abs(v));
        double shift = ROUNDING * P.maxAbs();
        int[] place = new int[n];
        Arrays.fill(place, -1);
        int used = 0;
        boolean dominant = true;
        for (int i = 0; i < n; i++) {
            if (diagonal[i] < -shift) {
                return Finding.NOT_CONVEX;
            }
            dominant &= diagonal[i] >= off[i];
            if (off[i] != 0 || diagonal[i] != 0) {
                place[i] = used++;
            }
        }
        if (dominant) {
            return Finding.CONVEX;
        }
        if (used > MAX_DENSE) {
            return Finding.UNKNOWN;
        }
        try (WorkingMemory.Share share = memory.open(stopped)) {
            share.take(2L * Double.BYTES * used * used); // the matrix and its factor
            return Cholesky.isPositiveSemidefinite(compressed(P, place, used), used, shift)
                    ? Finding.CONVEX
                    : Finding.NOT_CONVEX;
        } catch (NotEnoughMemoryException | StoppedException e) {
            return Finding.UNKNOWN;
        }
    }

    private static double[] compressed(Matrix P, int[] place, int size) {
        double[] full = new double[size * size];
        P.forEach((i, j, v) -> {
            if (place[i] >= 0 && place[j] >= 0) {
                full[place[i] * size + place[j]] += v;
            }
        });
        return full;
    }
}
