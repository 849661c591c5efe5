package io.argmind.solver.interior.cone;

import io.argmind.linalg.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The program as min 1/2 x'Px + q'x subject to M x + s = r, s in a product of cones: equality rows
 * first, then everything nonnegative (rows of G, lower and upper bounds), then the other cones.
 * Fixed variables are equalities, rows that do not bind are left out. Stored zeros are dropped.
 */
final class StandardForm {
    private static final int NONE = -1;

    final int n;
    final int m;
    final int[] pStart; // [n + 1] the upper triangle of P by columns
    final int[] pRow;
    final double[] p;
    final double[] q; // [n]
    final int[] start; // [m + 1] M by rows
    final int[] col;
    final double[] a;
    final double[] r; // [m]
    final List<ConeBlock> blocks = new ArrayList<>();
    private final int equalities; // rows of A
    private final int[] rowOf; // [rows of G] where each row of G stands, or NONE
    private final int[] fixed; // [n] where x = lb = ub stands, or NONE
    private final int[] lower; // [n] where -x + s = -lb stands, or NONE
    private final int[] upper; // [n] where x + s = ub stands, or NONE

    StandardForm(ConicProgram program) {
        n = program.c().length;
        q = program.c().clone();
        equalities = program.b().length;
        rowOf = new int[program.h().length];
        fixed = new int[n];
        lower = new int[n];
        upper = new int[n];
        m = numberRows(program);
        start = new int[m + 1];
        r = new double[m];
        countEntries(program);
        col = new int[start[m]];
        a = new double[start[m]];
        fill(program);
        pStart = new int[n + 1];
        program.P().forEach((i, j, v) -> pStart[j + 1] += i <= j && v != 0 ? 1 : 0);
        for (int j = 0; j < n; j++) {
            pStart[j + 1] += pStart[j];
        }
        pRow = new int[pStart[n]];
        p = new double[pStart[n]];
        int[] next = pStart.clone();
        program.P()
                .forEach((i, j, v) -> {
                    if (i <= j && v != 0) {
                        pRow[next[j]] = i;
                        p[next[j]++] = v;
                    }
                });
    }

    private int numberRows(ConicProgram program) {
        Arrays.fill(rowOf, NONE);
        int at = equalities;
        for (int j = 0; j < n; j++) {
            boolean same = program.lb()[j] == program.ub()[j];
            fixed[j] = same ? at++ : NONE;
        }
        blocks.add(new ZeroBlock(0, at));
        int first = at;
        int row = 0;
        for (ConeShape cone : program.cones()) {
            for (int i = row; cone.isOrthant() && i < row + cone.rows(); i++) {
                rowOf[i] = Double.isInfinite(program.h()[i]) ? NONE : at++;
            }
            row += cone.rows();
        }
        for (int j = 0; j < n; j++) {
            lower[j] = fixed[j] != NONE || Double.isInfinite(program.lb()[j]) ? NONE : at++;
            upper[j] = fixed[j] != NONE || Double.isInfinite(program.ub()[j]) ? NONE : at++;
        }
        blocks.add(new NonnegativeBlock(first, at - first));
        row = 0;
        for (ConeShape cone : program.cones()) {
            if (!cone.isOrthant() && cone.rows() > 0) {
                blocks.add(block(cone, at));
                for (int i = row; i < row + cone.rows(); i++) {
                    rowOf[i] = at++;
                }
            }
            row += cone.rows();
        }
        blocks.removeIf(block -> block.dim() == 0);
        return at;
    }

    /** The block of a cone whose rows begin at {@code at}. */
    static ConeBlock block(ConeShape cone, int at) {
        return switch (cone.kind()) {
            case NONNEGATIVE -> new NonnegativeBlock(at, cone.rows());
            case SECOND_ORDER -> new SecondOrderBlock(at, cone.rows());
            case PSD -> new PsdBlock(at, cone.side());
            case EXPONENTIAL -> new NonsymmetricBlock(at, new ExponentialBarrier());
            case POWER -> new NonsymmetricBlock(at, new PowerBarrier(cone.alpha()));
        };
    }

    private void countEntries(ConicProgram program) {
        program.A().forEach((i, j, v) -> start[i + 1] += v != 0 ? 1 : 0);
        program.G()
                .forEach((i, j, v) -> {
                    if (v != 0 && rowOf[i] != NONE) {
                        start[rowOf[i] + 1]++;
                    }
                });
        for (int[] rows : List.of(fixed, lower, upper)) {
            for (int row : rows) {
                if (row != NONE) {
                    start[row + 1]++;
                }
            }
        }
        for (int i = 0; i < m; i++) {
            start[i + 1] += start[i];
        }
    }

    private void fill(ConicProgram program) {
        int[] next = start.clone();
        put(program.A(), null, next);
        System.arraycopy(program.b(), 0, r, 0, equalities);
        put(program.G(), rowOf, next);
        for (int i = 0; i < rowOf.length; i++) {
            if (rowOf[i] != NONE) {
                r[rowOf[i]] = program.h()[i];
            }
        }
        for (int j = 0; j < n; j++) {
            putBound(fixed[j], j, 1, program.lb()[j]);
            putBound(lower[j], j, -1, -program.lb()[j]);
            putBound(upper[j], j, 1, program.ub()[j]);
        }
    }

    private void put(Matrix matrix, int @Nullable [] rows, int[] next) {
        matrix.forEach((i, j, v) -> {
            int row = rows == null ? i : rows[i];
            if (v != 0 && row != NONE) {
                col[next[row]] = j;
                a[next[row]++] = v;
            }
        });
    }

    private void putBound(int row, int j, double sign, double bound) {
        if (row != NONE) {
            col[start[row]] = j;
            a[start[row]] = sign;
            r[row] = bound;
        }
    }

    /** y = P x. */
    void timesP(double[] x, double[] y) {
        Arrays.fill(y, 0, n, 0);
        for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int k = pStart[j]; k < pStart[j + 1]; k++) {
                int i = pRow[k];
                sum += p[k] * x[i];
                y[i] += i == j ? 0 : p[k] * x[j];
            }
            y[j] += sum;
        }
    }

    /** y = M x. */
    void times(double[] x, double[] y) {
        for (int i = 0; i < m; i++) {
            double sum = 0;
            for (int k = start[i]; k < start[i + 1]; k++) {
                sum += a[k] * x[col[k]];
            }
            y[i] = sum;
        }
    }

    /** x = M'y. */
    void timesTransposed(double[] y, double[] x) {
        Arrays.fill(x, 0, n, 0);
        for (int i = 0; i < m; i++) {
            double f = y[i];
            for (int k = start[i]; k < start[i + 1]; k++) {
                x[col[k]] += f * a[k];
            }
        }
    }

    /** The point of the program that x[n] and the dual z[m], both in its units, stand for. */
    ConicPoint point(double[] x, double[] z) {
        double[] g = new double[rowOf.length];
        for (int i = 0; i < g.length; i++) {
            g[i] = rowOf[i] == NONE ? 0 : z[rowOf[i]];
        }
        double[] box = new double[n];
        for (int j = 0; j < n; j++) {
            box[j] = fixed[j] == NONE ? 0 : z[fixed[j]];
            box[j] += upper[j] == NONE ? 0 : z[upper[j]];
            box[j] -= lower[j] == NONE ? 0 : z[lower[j]];
        }
        return new ConicPoint(Arrays.copyOf(x, n), Arrays.copyOf(z, equalities), g, box);
    }

    /** Writes the duals of a point as z[m]. */
    void duals(ConicPoint point, double[] z) {
        System.arraycopy(point.y(), 0, z, 0, equalities);
        for (int i = 0; i < rowOf.length; i++) {
            if (rowOf[i] != NONE) {
                z[rowOf[i]] = point.z()[i];
            }
        }
        for (int j = 0; j < n; j++) {
            double box = point.zBox()[j];
            if (fixed[j] != NONE) {
                z[fixed[j]] = box;
            }
            if (upper[j] != NONE) {
                z[upper[j]] = Math.max(0, box);
            }
            if (lower[j] != NONE) {
                z[lower[j]] = Math.max(0, -box);
            }
        }
    }
}
