package io.argmind.testkit;

import io.argmind.problem.Program;

/**
 * A program and its optimum, known without any solver.
 *
 * @param x [n] an optimum
 * @param y [p] multipliers of A x = b
 * @param z [m] multipliers of G x &lt;= h
 * @param zBox [n] multipliers of the bounds
 * @param uniqueX whether no other x is optimal
 * @param uniqueDuals whether no other multipliers are
 */
public record Known(
        Program program,
        double[] x,
        double[] y,
        double[] z,
        double[] zBox,
        boolean uniqueX,
        boolean uniqueDuals) {

    /** The same, to be compared by objective and optimality conditions alone. */
    public Known byResidualsOnly() {
        return new Known(program, x, y, z, zBox, false, false);
    }

    public double objective() {
        return program.objective(x);
    }
}
