package io.argmind.solution;

import io.argmind.problem.Cone;
import io.argmind.problem.Program;
import io.argmind.solution.cone.ConeProjection;
import java.util.Arrays;

/**
 * How far slacks and multipliers are from the cones of a program: the largest over its cones of the
 * Euclidean distance from the cone, where every row of a nonnegative cone is a cone of its own.
 */
final class Membership {
    private Membership() {}

    /** The distance of s[m] from K. */
    static double primal(Program program, double[] s) {
        double[] worst = {0};
        program.forEachCone((cone, start) -> {
            double distance =
                    cone instanceof Cone.Nonnegative
                            ? below(s, start, cone.dim())
                            : ConeProjection.onto(cone).distance(part(cone, s, start));
            worst[0] = Math.max(worst[0], distance);
        });
        return worst[0];
    }

    /** The distance of z[m] from K*. */
    static double dual(Program program, double[] z) {
        double[] worst = {0};
        program.forEachCone((cone, start) -> {
            double distance =
                    cone instanceof Cone.Nonnegative
                            ? below(z, start, cone.dim())
                            : ConeProjection.onto(cone).dualDistance(part(cone, z, start));
            worst[0] = Math.max(worst[0], distance);
        });
        return worst[0];
    }

    /** max(-v, 0) over some rows. */
    private static double below(double[] v, int start, int dim) {
        double worst = 0;
        for (int i = start; i < start + dim; i++) {
            worst = Math.max(worst, -v[i]);
        }
        return worst;
    }

    private static double[] part(Cone cone, double[] v, int start) {
        return Arrays.copyOfRange(v, start, start + cone.dim());
    }
}
