package io.argmind.solver.ojalgo;

import io.argmind.problem.Program;
import java.util.function.Supplier;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.linear.LinearSolver;
import org.ojalgo.structure.Access1D;
import org.ojalgo.structure.Mutate2D;

/**
 * A linear program, scaled, in ojAlgo's revised simplex, which takes bounds as they are.
 *
 * <p>ojAlgo's Lagrangian has our signs; its duals stand inequalities first, equalities last, and
 * its solution and reduced costs have the slack variables behind. The reduced cost is d = c + A'y +
 * G'z, so that z_box = -d. Rows with infinite h are left out.
 */
final class SimplexLp {
    private final Program program;
    private final Scaling scaling;
    private final int[] rows; // [finite h] which rows of G went in

    SimplexLp(Program program, Scaling scaling) {
        this.program = program;
        this.scaling = scaling;
        this.rows = Rows.finite(program.h());
    }

    /** What came back, in our units; where the state is a failure the numbers mean nothing. */
    record Answer(Optimisation.State state, double[] x, double[] y, double[] z, double[] zBox) {}

    Answer solve(Optimisation.Options options) {
        options.linear().dual(); // the older primal one ignores bounds
        Optimisation.Result result = builder().build(options).solve();
        int n = program.n();
        double[] x = new double[n];
        for (int j = 0; j < n; j++) {
            x[j] = result.doubleValue(j) * scaling.col()[j];
        }
        return withDuals(result, x);
    }

    private Answer withDuals(Optimisation.Result result, double[] x) {
        double[] y = new double[program.p()];
        double[] z = new double[program.m()];
        double[] zBox = new double[program.n()];
        Access1D<?> dual = result.getDualSolution().map(Supplier::get).orElse(null);
        Access1D<?> reduced = result.getReducedGradient().map(Supplier::get).orElse(null);
        if (dual == null || reduced == null) {
            return new Answer(result.getState(), x, y, z, zBox);
        }
        for (int k = 0; k < rows.length; k++) {
            z[rows[k]] =
                    Math.max(0, dual.doubleValue(k) * scaling.rowG()[rows[k]] / scaling.cost());
        }
        for (int i = 0; i < y.length; i++) {
            y[i] = dual.doubleValue(rows.length + i) * scaling.rowA()[i] / scaling.cost();
        }
        for (int j = 0; j < zBox.length; j++) {
            zBox[j] = -reduced.doubleValue(j) / (scaling.col()[j] * scaling.cost());
        }
        return new Answer(result.getState(), x, y, z, zBox);
    }

    private LinearSolver.Builder builder() {
        int n = program.n();
        double[] col = scaling.col();
        double[] c = new double[n];
        double[] lb = new double[n];
        double[] ub = new double[n];
        for (int j = 0; j < n; j++) {
            c[j] = program.c()[j] * col[j] * scaling.cost();
            lb[j] = program.lb()[j] / col[j];
            ub[j] = program.ub()[j] / col[j];
        }
        LinearSolver.Builder builder = LinearSolver.newBuilder(c);
        builder.lower(lb);
        builder.upper(ub);
        if (program.p() > 0) {
            double[] rhs = Rows.select(program.b(), Rows.all(program.p()), scaling.rowA());
            Mutate2D body = builder.equalities(rhs);
            Rows.copy(program.A(), Rows.all(program.p()), scaling.rowA(), col, body, 0);
        }
        if (rows.length > 0) {
            double[] rhs = Rows.select(program.h(), rows, scaling.rowG());
            Mutate2D body = builder.inequalities(rhs);
            Rows.copy(program.G(), rows, scaling.rowG(), col, body, 0);
        }
        return builder;
    }
}
