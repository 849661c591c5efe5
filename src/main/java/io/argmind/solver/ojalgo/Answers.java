package io.argmind.solver.ojalgo;

import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Solution;
import io.argmind.solution.Status;
import io.argmind.solution.Verifier;
import io.argmind.solver.Limits;
import org.jspecify.annotations.Nullable;

/**
 * Claims made of points that ojAlgo hands out. ojAlgo keeps its iteration counts to itself, so
 * claims have none.
 */
final class Answers {
    private Answers() {}

    /** The point, sharpened, if its residuals confirm that it is optimal; otherwise null. */
    static @Nullable Claim optimal(
            Program program, double[] x, double[] y, double[] z, double[] zBox, Limits limits) {
        Solution verified = Verifier.optimal(program, x, y, z, zBox, limits.tolerance(), 0);
        Solution.Point point = verified == null ? null : verified.point();
        return point == null
                ? null
                : Claim.point(Status.OPTIMAL, point.x(), point.y(), point.z(), point.zBox(), 0);
    }

    /** A solve that a limit ended, with the point where it stood; multipliers mean nothing then. */
    static Claim stopped(Claim why, double @Nullable [] x) {
        return new Claim(why.status(), x, null, null, null, null, Double.NaN, 0, why.detail());
    }
}
