package io.argmind.testkit;

import io.argmind.problem.Program;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Solves tiny linear and convex quadratic programs by trying every set of active constraints: for
 * each, the optimality conditions are a linear system, and its solution is the optimum if it is
 * feasible and has multipliers of the right signs. Shares no arithmetic with the service.
 */
public final class ActiveSets {
    private static final double SINGULAR = 1e-11;
    private static final double ROUNDING = 1e-9;

    private final int n;
    private final int p;
    private final int m;
    private final double[][] P;
    private final double[][] A;
    private final double[][] G;
    private final Program program;
    private final int[] side; // 0 free, -1 at lb, 1 at ub
    private double worst = ROUNDING; // of the best point so far
    private @Nullable Optimum best;

    /** An optimum with its multipliers, in the signs of {@link Program}. */
    public record Optimum(double[] x, double[] y, double[] z, double[] zBox, double value) {}

    private ActiveSets(Program program) {
        this.program = program;
        this.n = program.n();
        this.p = program.p();
        this.m = program.m();
        this.P = new double[n][n];
        this.A = new double[p][n];
        this.G = new double[m][n];
        this.side = new int[n];
        program.P().forEach((i, j, v) -> P[i][j] += v);
        program.A().forEach((i, j, v) -> A[i][j] += v);
        program.G().forEach((i, j, v) -> G[i][j] += v);
    }

    /** The optimum of the continuous part of a program, or null if no active set has one. */
    public static @Nullable Optimum solve(Program program) {
        ActiveSets sets = new ActiveSets(program);
        sets.chooseSides(0);
        return sets.best;
    }

    /** The optimal value. */
    public static double value(Program program) {
        Optimum optimum = solve(program);
        if (optimum == null) {
            throw new AssertionError("no optimum");
        }
        return optimum.value;
    }

    /** How many systems {@link #solve} looks at. */
    public static double count(Program program) {
        double count = Math.pow(2, program.m());
        for (int i = 0; i < program.n(); i++) {
            count *= 1 + finite(program.lb()[i]) + finite(program.ub()[i]);
        }
        return count;
    }

    private static int finite(double v) {
        return Double.isInfinite(v) ? 0 : 1;
    }

    private void chooseSides(int i) {
        if (i == n) {
            for (int rows = 0; rows < 1 << m; rows++) {
                tryRows(rows);
            }
            return;
        }
        boolean fixed = program.lb()[i] == program.ub()[i];
        for (int s = -1; s <= 1; s++) {
            double bound = s < 0 ? program.lb()[i] : s > 0 ? program.ub()[i] : 0;
            if (!Double.isInfinite(bound) && (!fixed || s == 1)) {
                side[i] = s;
                chooseSides(i + 1);
            }
        }
    }

    private void tryRows(int rows) {
        int[] active = new int[Integer.bitCount(rows)];
        int free = 0;
        for (int s : side) {
            free += s == 0 ? 1 : 0;
        }
        if (active.length > free) {
            return;
        }
        for (int i = 0, k = 0; i < m; i++) {
            if ((rows >> i & 1) != 0) {
                if (Double.isInfinite(program.h()[i])) {
                    return;
                }
                active[k++] = i;
            }
        }
        int size = n + p + active.length;
        double[][] system = new double[size][size + 1];
        for (int i = 0; i < n; i++) {
            if (side[i] != 0) {
                system[i][i] = 1;
                system[i][size] = side[i] < 0 ? program.lb()[i] : program.ub()[i];
                continue;
            }
            System.arraycopy(P[i], 0, system[i], 0, n);
            for (int k = 0; k < p; k++) {
                system[i][n + k] = A[k][i];
            }
            for (int k = 0; k < active.length; k++) {
                system[i][n + p + k] = G[active[k]][i];
            }
            system[i][size] = -program.c()[i];
        }
        for (int k = 0; k < p; k++) {
            System.arraycopy(A[k], 0, system[n + k], 0, n);
            system[n + k][size] = program.b()[k];
        }
        for (int k = 0; k < active.length; k++) {
            System.arraycopy(G[active[k]], 0, system[n + p + k], 0, n);
            system[n + p + k][size] = program.h()[active[k]];
        }
        double[] u = eliminate(system, size);
        if (u != null) {
            judge(u, active);
        }
    }

    /** Gauss-Jordan with complete pivoting; a basic solution of singular but consistent systems. */
    private static double @Nullable [] eliminate(double[][] system, int size) {
        int[] unknown = new int[size];
        Arrays.setAll(unknown, i -> i);
        int rank = 0;
        for (; rank < size; rank++) {
            int row = rank;
            int col = rank;
            for (int i = rank; i < size; i++) {
                for (int j = rank; j < size; j++) {
                    if (Math.abs(system[i][j]) > Math.abs(system[row][col])) {
                        row = i;
                        col = j;
                    }
                }
            }
            if (Math.abs(system[row][col]) < SINGULAR) {
                break;
            }
            double[] t = system[rank];
            system[rank] = system[row];
            system[row] = t;
            for (double[] line : system) {
                double v = line[rank];
                line[rank] = line[col];
                line[col] = v;
            }
            int name = unknown[rank];
            unknown[rank] = unknown[col];
            unknown[col] = name;
            for (int i = 0; i < size; i++) {
                double f = i == rank ? 0 : system[i][rank] / system[rank][rank];
                for (int j = rank; f != 0 && j <= size; j++) {
                    system[i][j] -= f * system[rank][j];
                }
            }
        }
        double[] u = new double[size];
        for (int i = 0; i < size; i++) {
            if (i < rank) {
                u[unknown[i]] = system[i][size] / system[i][i];
            } else if (Math.abs(system[i][size]) > ROUNDING) {
                return null;
            }
        }
        return u;
    }

    private void judge(double[] u, int[] active) {
        double[] x = Arrays.copyOf(u, n);
        double[] y = Arrays.copyOfRange(u, n, n + p);
        double[] z = new double[m];
        double[] zBox = new double[n];
        double violation = 0;
        for (int k = 0; k < active.length; k++) {
            z[active[k]] = u[n + p + k];
            violation = Math.max(violation, -u[n + p + k]);
        }
        for (int i = 0; i < m; i++) {
            violation = Math.max(violation, times(G[i], x) - program.h()[i]);
        }
        double value = times(program.c(), x);
        for (int i = 0; i < n; i++) {
            double r = program.c()[i] + times(P[i], x);
            value += 0.5 * x[i] * times(P[i], x);
            for (int k = 0; k < p; k++) {
                r += A[k][i] * y[k];
            }
            for (int k = 0; k < m; k++) {
                r += G[k][i] * z[k];
            }
            zBox[i] = side[i] == 0 ? 0 : -r;
            boolean fixed = program.lb()[i] == program.ub()[i];
            violation = Math.max(violation, fixed ? 0 : -side[i] * zBox[i]);
            violation = Math.max(violation, program.lb()[i] - x[i]);
            violation = Math.max(violation, x[i] - program.ub()[i]);
        }
        if (violation < worst) {
            worst = violation;
            best = new Optimum(x, y, z, zBox, value);
        }
    }

    private static double times(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
