package io.argmind.solver.ojalgo;

import io.argmind.linalg.Matrix;
import io.argmind.problem.Program;
import org.ojalgo.optimisation.Expression;
import org.ojalgo.optimisation.ExpressionsBasedModel;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.Variable;

/**
 * A program with integers as an ojAlgo model, the only form in which ojAlgo takes integers. Bounds
 * of integer variables are rounded inwards; rows with infinite h are left out. In ojAlgo's
 * quadratic expressions an entry is the coefficient of x_i x_j, so that 1/2 x'Px has 1/2 P_ii and,
 * once for both triangles, P_ij.
 */
final class IntegerModel {
    private static final double WHOLE = 1e-9; // a bound this close to an integer is meant to be it

    private final Program program;
    private final double[] lb; // [n]
    private final double[] ub; // [n]

    IntegerModel(Program program) {
        this.program = program;
        this.lb = program.lb().clone();
        this.ub = program.ub().clone();
        for (int j : program.integers()) {
            lb[j] = Math.ceil(lb[j] - WHOLE);
            ub[j] = Math.floor(ub[j] + WHOLE);
        }
    }

    /** Whether some integer variable has no integer between its bounds. */
    boolean isEmpty() {
        for (int j = 0; j < lb.length; j++) {
            if (lb[j] > ub[j]) {
                return true;
            }
        }
        return false;
    }

    Optimisation.Result minimise(Optimisation.Options options) {
        ExpressionsBasedModel model = new ExpressionsBasedModel(options);
        addVariables(model);
        for (int i = 0; i < program.p(); i++) {
            addRow(model, program.A(), i, "a" + i).level(program.b()[i]);
        }
        for (int i : Rows.finite(program.h())) {
            addRow(model, program.G(), i, "g" + i).upper(program.h()[i]);
        }
        if (!program.P().isZero()) {
            addQuadratic(model);
        }
        return model.minimise();
    }

    private void addVariables(ExpressionsBasedModel model) {
        for (int j = 0; j < program.n(); j++) {
            Variable variable = model.newVariable("x" + j).weight(program.c()[j]);
            if (!Double.isInfinite(lb[j])) {
                variable.lower(lb[j]);
            }
            if (!Double.isInfinite(ub[j])) {
                variable.upper(ub[j]);
            }
        }
        for (int j : program.integers()) {
            model.getVariable(j).integer();
        }
    }

    private static Expression addRow(
            ExpressionsBasedModel model, Matrix matrix, int i, String name) {
        Expression row = model.newExpression(name);
        for (int e = matrix.pattern().start(i); e < matrix.pattern().start(i + 1); e++) {
            double v = matrix.values()[matrix.offset() + e];
            if (v != 0) {
                row.set(matrix.pattern().col(i, e), v);
            }
        }
        return row;
    }

    private void addQuadratic(ExpressionsBasedModel model) {
        Expression quadratic = model.newExpression("quadratic");
        program.P()
                .forEach((i, j, v) -> {
                    if (v != 0 && i <= j) {
                        quadratic.set(i, j, i == j ? v / 2 : v);
                    }
                });
        quadratic.weight(1);
    }
}
