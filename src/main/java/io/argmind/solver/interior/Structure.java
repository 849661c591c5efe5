package io.argmind.solver.interior;

import io.argmind.linalg.LaneSymmetric;
import io.argmind.linalg.Lanes;
import io.argmind.linalg.Pattern;
import io.argmind.problem.Program;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the programs of a batch have in common, and so what is analysed once: their shape, the
 * patterns in which their matrices were sent, and which variables have a bound in any of them. It
 * never depends on the numbers in the matrices, so that an instance is solved the same way whatever
 * its neighbours are.
 *
 * @param lower variables with a finite lower bound in some program
 * @param upper variables with a finite upper bound in some program
 */
record Structure(Pattern P, Pattern A, Pattern G, int[] lower, int[] upper) {
    /**
     * Lanes take {@link Lanes#WIDTH} times the memory of one program; more than this is too much.
     */
    private static final long MAX_BYTES = 256L << 20;

    /** With more changes than this the errors of many differences add up. */
    private static final double MOST_UPDATES = 6;

    /** Passes over factor and rows that the change of a row costs, some of them twice. */
    private static final double UPDATE = 4;

    static Structure of(List<Program> programs) {
        Program first = programs.getFirst();
        int n = first.n();
        boolean[] lower = new boolean[n];
        boolean[] upper = new boolean[n];
        double[] lastLb = null;
        double[] lastUb = null;
        for (Program program : programs) {
            if (!same(program.lb(), lastLb) || !same(program.ub(), lastUb)) {
                lastLb = program.lb();
                lastUb = program.ub();
                for (int i = 0; i < n; i++) {
                    lower[i] |= lastLb[i] != Double.NEGATIVE_INFINITY;
                    upper[i] |= lastUb[i] != Double.POSITIVE_INFINITY;
                }
            }
        }
        return new Structure(
                first.P().pattern(),
                first.A().pattern(),
                first.G().pattern(),
                indices(lower),
                indices(upper));
    }

    /** Whether two programs share a bound, which is then looked at once. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean same(double[] one, double @Nullable [] other) {
        return one == other;
    }

    private static int[] indices(boolean[] set) {
        int[] out = new int[set.length];
        int count = 0;
        for (int i = 0; i < set.length; i++) {
            if (set[i]) {
                out[count++] = i;
            }
        }
        return Arrays.copyOf(out, count);
    }

    int n() {
        return P.rows();
    }

    int p() {
        return A.rows();
    }

    int m() {
        return G.rows();
    }

    /** Rows of G, lower bounds and upper bounds. */
    int inequalities() {
        return m() + lower.length + upper.length;
    }

    /** Whether P has entries on its diagonal alone, by its pattern. */
    boolean isDiagonal() {
        if (P.isDense()) {
            return n() <= 1;
        }
        for (int i = 0; i < n(); i++) {
            for (int k = P.start(i); k < P.start(i + 1); k++) {
                if (P.col(i, k) != i) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * The multiplications of a factorization that eliminates the inequalities and leaves variables
     * and equalities.
     */
    double condensedWork() {
        double size = n() + p();
        double gram = G.isDense() ? 0.5 * n() * (double) n() * m() : rowPairs(G);
        return size * size * size / 6 + gram;
    }

    /** The same of one that eliminates the variables, where P is diagonal. */
    double normalWork() {
        double size = p() + m();
        double gram = isSparse() ? columnPairs() : 0.5 * size * size * n();
        return size * size * size / 6 + gram;
    }

    /** Whether to eliminate the variables. */
    boolean isNormal() {
        return isDiagonal() && p() + m() > 0 && normalWork() < condensedWork();
    }

    /** Whether neither A nor G is dense. */
    boolean isSparse() {
        return !(A.isDense() && p() > 0) && !(G.isDense() && m() > 0);
    }

    /** The work of one factorization of one program. */
    double work() {
        return isNormal() ? normalWork() : condensedWork();
    }

    /**
     * How many rows of an active set may change before another factorization is cheaper than {@link
     * RowUpdates}; by patterns alone. None for linear programs: where a row leaves a vertex,
     * nothing but the regularization holds the point.
     */
    int updates() {
        double entries = entries() - inequalities();
        return P.nnz() == 0 ? 0 : (int) Math.min(MOST_UPDATES, work() / (UPDATE * entries));
    }

    /** The entries of factor and rows, which every product and solve goes through. */
    double entries() {
        double size = isNormal() ? (double) p() + m() : (double) n() + p();
        double rows = (double) G.nnz() + (isNormal() ? A.nnz() : 0);
        return size * size / 2 + rows + inequalities();
    }

    /**
     * The bytes that a group of programs takes, without the programs as they were sent, if every
     * variable had two bounds; so that it depends on what was sent and not on neighbours.
     */
    long bytes() {
        long size = isNormal() ? (long) p() + m() : (long) n() + p();
        long triangles = G.isDense() || m() == 0 ? 2 : 3;
        long dense = triangles * LaneSymmetric.doubles((int) Math.min(size, 1 << 20));
        long rows = ((long) G.nnz() + A.nnz()) * Lanes.WIDTH;
        long vectors = (40L + 2L * updates()) * Lanes.WIDTH * (3L * n() + p() + m());
        return 8 * (dense + rows + vectors);
    }

    /**
     * The bytes that a group takes while it is at work: scaled programs beside those in the lanes,
     * which are there at the most.
     */
    long bytesAtWork() {
        long entries = (long) P.nnz() + A.nnz() + G.nnz();
        long scaled = entries + 8L * n() + 4L * p() + 4L * m();
        return bytes() + 8L * Lanes.WIDTH * scaled;
    }

    /**
     * Whether programs like this one are solved in lanes.
     *
     * @param memory the bytes that there are to work in
     */
    static boolean hasLanes(Program program, long memory) {
        return !program.isConic() && Structure.of(List.of(program)).fits(memory);
    }

    private boolean fits(long memory) {
        return bytes() <= MAX_BYTES && bytesAtWork() <= memory;
    }

    private static double rowPairs(Pattern pattern) {
        double pairs = 0;
        for (int i = 0; i < pattern.rows(); i++) {
            double count = pattern.start(i + 1) - pattern.start(i);
            pairs += count * (count + 1) / 2;
        }
        return pairs;
    }

    private double columnPairs() {
        double[] count = new double[n()];
        for (Pattern pattern : List.of(A, G)) {
            for (int i = 0; i < pattern.rows(); i++) {
                for (int k = pattern.start(i); k < pattern.start(i + 1); k++) {
                    count[pattern.col(i, k)]++;
                }
            }
        }
        double pairs = 0;
        for (double c : count) {
            pairs += c * (c + 1) / 2;
        }
        return pairs;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Structure that
                && same(P, that.P)
                && same(A, that.A)
                && same(G, that.G)
                && Arrays.equals(lower, that.lower)
                && Arrays.equals(upper, that.upper);
    }

    private static boolean same(Pattern one, Pattern other) {
        if (one == other) {
            return true;
        }
        if (one.rows() != other.rows()
                || one.cols() != other.cols()
                || one.isDense() != other.isDense()
                || one.nnz() != other.nnz()) {
            return false;
        }
        for (int i = 0; i < one.rows() && !one.isDense(); i++) {
            if (one.start(i + 1) != other.start(i + 1)) {
                return false;
            }
            for (int k = one.start(i); k < one.start(i + 1); k++) {
                if (one.col(i, k) != other.col(i, k)) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 31 * (31 * P.rows() + A.rows()) + G.rows();
        hash = 31 * (31 * (31 * hash + P.nnz()) + A.nnz()) + G.nnz();
        return 31 * (31 * hash + Arrays.hashCode(lower)) + Arrays.hashCode(upper);
    }
}
