package io.argmind.solver.ojalgo;

import io.argmind.problem.Program;
import org.jspecify.annotations.Nullable;

/**
 * A node of the search: its parent's program with one bound of one integer variable moved.
 *
 * @param parent null at the root
 * @param variable index of the variable; -1 at the root
 * @param upper whether its upper bound moved, not the lower one
 * @param limit the new bound
 * @param bound no point below this node has a smaller objective
 * @param number in the order of creation
 */
record Branch(
        @Nullable Branch parent,
        int variable,
        boolean upper,
        double limit,
        double bound,
        long number)
        implements Comparable<Branch> {
    private static final double WHOLE = 1e-9; // a bound this close to an integer is meant to be it

    static Branch root() {
        return new Branch(null, -1, false, 0, Double.NEGATIVE_INFINITY, 0);
    }

    /** The relaxation at this node; bounds of integer variables are rounded inwards. */
    Program relaxation(Program program) {
        double[] lb = program.lb().clone();
        double[] ub = program.ub().clone();
        for (int j : program.integers()) {
            lb[j] = Math.ceil(lb[j] - WHOLE);
            ub[j] = Math.floor(ub[j] + WHOLE);
        }
        for (Branch at = this; at != null && at.variable >= 0; at = at.parent) {
            if (at.upper) {
                ub[at.variable] = Math.min(ub[at.variable], at.limit);
            } else {
                lb[at.variable] = Math.max(lb[at.variable], at.limit);
            }
        }
        return program.withBounds(lb, ub).withoutIntegers();
    }

    /** The most promising first, then the oldest. */
    @Override
    public int compareTo(Branch other) {
        int order = Double.compare(bound, other.bound);
        return order != 0 ? order : Long.compare(number, other.number);
    }
}
