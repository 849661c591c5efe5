package io.argmind.solver;

import io.argmind.linalg.Vectors;
import io.argmind.problem.Program;
import org.jspecify.annotations.Nullable;

/**
 * Programs on a line through one that is solved: at sigma the linear terms are c + sigma dc, b +
 * sigma db and h + sigma dh, and everything else is the same. LPGD asks for both sides of one.
 *
 * @param program at sigma = 0
 * @param solution of that program
 * @param dc [n]
 * @param db [p], null for zero
 * @param dh [m], null for zero
 */
public record Line(
        Program program,
        WarmStart solution,
        double[] dc,
        double @Nullable [] db,
        double @Nullable [] dh) {

    /** The program at sigma. */
    public Program at(double sigma) {
        return program.withCost(moved(program.c(), sigma, dc))
                .withRightHandSides(moved(program.b(), sigma, db), moved(program.h(), sigma, dh));
    }

    private static double[] moved(double[] data, double sigma, double @Nullable [] direction) {
        if (direction == null) {
            return data;
        }
        double[] out = data.clone();
        Vectors.addTimes(sigma, direction, out);
        return out;
    }
}
