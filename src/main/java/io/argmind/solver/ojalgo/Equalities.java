package io.argmind.solver.ojalgo;

import io.argmind.linalg.MinimumNorm;
import io.argmind.problem.Program;
import io.argmind.solution.Certificate;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The equalities that say something new. ojAlgo's active set fails on linearly dependent ones, or
 * gives them wrong duals; with the dependent ones left out (multipliers 0) it does not.
 *
 * @param rows the program's rows with independent equalities only
 * @param contradiction proof that a dependent one contradicts the others; null if all follow from
 *     them
 */
record Equalities(QpRows rows, Certificate.@Nullable Farkas contradiction) {
    private static final double CONSISTENT = 1e-9;

    static Equalities independent(Program program, QpRows rows) {
        int count = rows.equalities();
        if (count == 0) {
            return new Equalities(rows, null);
        }
        double[] columns = rows.transposedEqualities();
        MinimumNorm ranked = new MinimumNorm(columns.clone(), program.n(), count);
        if (ranked.rank() == count) {
            return new Equalities(rows, null);
        }
        int[] order = ranked.pivotOrder();
        int[] kept = Arrays.copyOf(order, ranked.rank());
        int[] dependent = Arrays.copyOfRange(order, ranked.rank(), count);
        Arrays.sort(kept);
        return new Equalities(
                rows.keeping(kept), contradiction(rows, columns, program.n(), kept, dependent));
    }

    /**
     * A dependent row is a combination w of those kept; if its right-hand side is not the same
     * combination, then (w, -1) combines left-hand sides to zero and right-hand sides to something
     * else.
     */
    private static Certificate.@Nullable Farkas contradiction(
            QpRows rows, double[] columns, int n, int[] kept, int[] dependent) {
        int count = rows.equalities();
        double[] rhs = rows.equalityValues();
        double[] basis = new double[n * kept.length];
        for (int j = 0; j < n; j++) {
            for (int k = 0; k < kept.length; k++) {
                basis[j * kept.length + k] = columns[j * count + kept[k]];
            }
        }
        MinimumNorm independent = new MinimumNorm(basis, n, kept.length);
        for (int d : dependent) {
            double[] row = new double[n];
            for (int j = 0; j < n; j++) {
                row[j] = columns[j * count + d];
            }
            double[] w = independent.solve(row);
            double gap = rhs[d];
            double size = 1 + Math.abs(rhs[d]);
            for (int k = 0; k < kept.length; k++) {
                gap -= w[k] * rhs[kept[k]];
                size = Math.max(size, Math.abs(w[k] * rhs[kept[k]]));
            }
            if (Math.abs(gap) > CONSISTENT * size) {
                return rows.combination(kept, w, d, Math.signum(gap));
            }
        }
        return null;
    }
}
