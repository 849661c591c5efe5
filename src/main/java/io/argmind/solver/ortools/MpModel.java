package io.argmind.solver.ortools;

import com.google.ortools.linearsolver.MPConstraint;
import com.google.ortools.linearsolver.MPObjective;
import com.google.ortools.linearsolver.MPSolver;
import com.google.ortools.linearsolver.MPSolver.ResultStatus;
import com.google.ortools.linearsolver.MPSolverParameters;
import com.google.ortools.linearsolver.MPVariable;
import io.argmind.linalg.Matrix;
import io.argmind.problem.Program;
import java.util.Arrays;

/**
 * A native {@code MPSolver} that holds the linear part of one program: variable i is x_i, then come
 * the rows of A, then those of G.
 *
 * <p>OR-Tools' duals are d objective / d right-hand side and its reduced costs c - A'y, so every
 * multiplier of ours is the negative of theirs: y = -dual (rows of A), z = -dual (rows of G), z_box
 * = -reduced cost.
 *
 * <p>Used by one thread; {@link #interrupt()} by any, but never after {@link #delete()}.
 */
final class MpModel {
    private static final double INF = Double.POSITIVE_INFINITY;

    private final MPSolver solver;
    private final MPObjective objective;
    private final MPVariable[] x; // [n]
    private final MPConstraint[] equalities; // [p]
    private final MPConstraint[] inequalities; // [m]
    private Program program;

    /**
     * Builds the model; whoever does so must {@link #delete()} it.
     *
     * @param backend as {@code MPSolver.createSolver} knows it
     */
    MpModel(String backend, Program program) {
        OrToolsLibrary.load();
        MPSolver created = MPSolver.createSolver(backend);
        if (created == null) {
            throw new IllegalStateException(backend + " is not part of this OR-Tools");
        }
        OrToolsLibrary.created();
        this.solver = created;
        this.program = program;
        this.objective = solver.objective();
        this.x = new MPVariable[program.n()];
        boolean[] integer = new boolean[program.n()];
        for (int i : program.integers()) {
            integer[i] = true;
        }
        for (int i = 0; i < x.length; i++) {
            x[i] = solver.makeVar(program.lb()[i], program.ub()[i], integer[i], "");
            objective.setCoefficient(x[i], program.c()[i]);
        }
        this.equalities = rows(program.A(), program.b(), true);
        this.inequalities = rows(program.G(), program.h(), false);
        objective.setMinimization();
    }

    private MPConstraint[] rows(Matrix matrix, double[] side, boolean equality) {
        MPConstraint[] rows = new MPConstraint[side.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = solver.makeConstraint(equality ? side[i] : -INF, side[i]);
        }
        matrix.forEach((i, j, v) -> {
            if (v != 0) {
                rows[i].setCoefficient(x[j], v);
            }
        });
        return rows;
    }

    /** Whether a program differs in c, b and h at most, told by the identity of its arrays. */
    boolean isShapeOf(Program next) {
        return isSame(program.A(), next.A())
                && isSame(program.G(), next.G())
                && isSame(program.lb(), next.lb())
                && isSame(program.ub(), next.ub())
                && isSame(program.integers(), next.integers());
    }

    private static boolean isSame(Matrix a, Matrix b) {
        return isSame(a.pattern(), b.pattern())
                && isSame(a.values(), b.values())
                && a.offset() == b.offset();
    }

    @SuppressWarnings("ReferenceEquality") // shared arrays are what makes programs neighbours
    private static boolean isSame(Object a, Object b) {
        return a == b;
    }

    /** Whether a program of the same shape has the same costs. */
    boolean hasCosts(Program next) {
        return Arrays.equals(program.c(), next.c());
    }

    /** Takes c, b and h from a program of the same shape; the basis stays. */
    void update(Program next) {
        for (int i = 0; i < x.length; i++) {
            if (next.c()[i] != program.c()[i]) {
                objective.setCoefficient(x[i], next.c()[i]);
            }
        }
        for (int i = 0; i < equalities.length; i++) {
            if (next.b()[i] != program.b()[i]) {
                equalities[i].setBounds(next.b()[i], next.b()[i]);
            }
        }
        for (int i = 0; i < inequalities.length; i++) {
            if (next.h()[i] != program.h()[i]) {
                inequalities[i].setBounds(-INF, next.h()[i]);
            }
        }
        program = next;
    }

    /** Forgets the basis: the next solve does not depend on earlier ones. */
    void forget() {
        solver.reset();
    }

    /**
     * Solves.
     *
     * @param text parameters in the back-end's own language
     * @param seconds time limit
     */
    ResultStatus solve(MPSolverParameters parameters, String text, double seconds) {
        if (!solver.setSolverSpecificParametersAsString(text)) {
            throw new IllegalStateException("OR-Tools refuses the parameters " + text);
        }
        solver.setTimeLimit(Math.max(1, (long) (1000 * seconds))); // milliseconds; 0 means none
        return solver.solve(parameters);
    }

    void interrupt() {
        solver.interruptSolve();
    }

    void delete() {
        solver.delete();
        OrToolsLibrary.deleted();
    }

    long iterations() {
        return solver.iterations();
    }

    long nodes() {
        return solver.nodes();
    }

    double bound() {
        return objective.bestBound();
    }

    /** Only after a status that has a point. */
    double[] x() {
        double[] values = new double[x.length];
        Arrays.setAll(values, i -> x[i].solutionValue());
        return values;
    }

    double[] y() {
        return negatedDuals(equalities);
    }

    double[] z() {
        return negatedDuals(inequalities);
    }

    double[] zBox() {
        double[] values = new double[x.length];
        Arrays.setAll(values, i -> 0 - x[i].reducedCost());
        return values;
    }

    private static double[] negatedDuals(MPConstraint[] rows) {
        double[] values = new double[rows.length];
        Arrays.setAll(values, i -> 0 - rows[i].dualValue());
        return values;
    }
}
