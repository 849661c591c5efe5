package io.argmind.solver.ojalgo;

import io.argmind.problem.Program;
import java.util.function.Supplier;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.linear.LinearSolver;
import org.ojalgo.structure.Access1D;

/**
 * A linear program in ojAlgo's revised simplex, which takes bounds as they are.
 *
 * <p>ojAlgo's Lagrangian has our signs; its duals stand inequalities first, equalities last, and
 * its solution and reduced costs have the slack variables behind. The reduced cost is d = c + A'y +
 * G'z, so that z_box = -d. Rows with infinite h are left out.
 */
final class SimplexLp {
    private final Program program;
    private final int[] rows; // [finite h] which rows of G go in

    SimplexLp(Program program) {
        this.program = program;
        this.rows = Rows.finite(program.h());
    }

    /** What came back; where the state is a failure the numbers mean nothing. */
    record Outcome(Optimisation.State state, Answer answer) {}

    Outcome solve(Optimisation.Options options) {
        options.linear().dual(); // the older primal one ignores bounds
        Optimisation.Result result = builder().build(options).solve();
        double[] x = new double[program.n()];
        double[] y = new double[program.p()];
        double[] z = new double[program.m()];
        double[] zBox = new double[program.n()];
        Access1D<?> dual = result.getDualSolution().map(Supplier::get).orElse(null);
        Access1D<?> reduced = result.getReducedGradient().map(Supplier::get).orElse(null);
        for (int j = 0; j < x.length; j++) {
            x[j] = result.doubleValue(j);
            zBox[j] = reduced == null ? 0 : -reduced.doubleValue(j);
        }
        for (int k = 0; dual != null && k < rows.length; k++) {
            z[rows[k]] = Math.max(0, dual.doubleValue(k));
        }
        for (int i = 0; dual != null && i < y.length; i++) {
            y[i] = dual.doubleValue(rows.length + i);
        }
        return new Outcome(result.getState(), new Answer(x, y, z, zBox));
    }

    private LinearSolver.Builder builder() {
        LinearSolver.Builder builder = LinearSolver.newBuilder(program.c());
        builder.lower(program.lb());
        builder.upper(program.ub());
        if (program.p() > 0) {
            Rows.copy(program.A(), Rows.all(program.p()), builder.equalities(program.b().clone()));
        }
        if (rows.length > 0) {
            Rows.copy(program.G(), rows, builder.inequalities(Rows.select(program.h(), rows)));
        }
        return builder;
    }
}
