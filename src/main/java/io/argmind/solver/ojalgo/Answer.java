package io.argmind.solver.ojalgo;

import io.argmind.linalg.Vectors;
import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Solution;
import io.argmind.solution.Status;
import io.argmind.solution.Verifier;
import org.jspecify.annotations.Nullable;

/**
 * A point that ojAlgo hands out, with our signs. ojAlgo keeps its iteration counts to itself, so
 * claims have none.
 *
 * @param x [n]
 * @param y [p]
 * @param z [m]
 * @param zBox [n]
 */
record Answer(double[] x, double[] y, double[] z, double[] zBox) {

    boolean isFinite() {
        return Vectors.allFinite(x)
                && Vectors.allFinite(y)
                && Vectors.allFinite(z)
                && Vectors.allFinite(zBox);
    }

    /**
     * The answer, sharpened, if its residuals confirm that it is an optimum of this program;
     * otherwise null.
     */
    @Nullable Answer confirmed(Program program, double tolerance) {
        Solution verified = Verifier.optimal(program, x, y, z, zBox, tolerance, 0);
        Solution.Point point = verified == null ? null : verified.point();
        return point == null ? null : new Answer(point.x(), point.y(), point.z(), point.zBox());
    }

    /** The largest residual relative to its scale. */
    double error(Program program) {
        return isFinite()
                ? Verifier.relativeError(program, Verifier.complete(program, x, y, z, zBox))
                : Double.POSITIVE_INFINITY;
    }

    Claim claim(Status status) {
        return Claim.point(status, x, y, z, zBox, 0);
    }

    /** A solve that a limit ended, with the point where it stood; multipliers mean nothing then. */
    static Claim stopped(Claim why, @Nullable Answer at) {
        return new Claim(
                why.status(),
                at == null || !Vectors.allFinite(at.x) ? null : at.x,
                null,
                null,
                null,
                null,
                Double.NaN,
                0,
                why.detail());
    }
}
