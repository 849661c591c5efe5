package io.argmind.solver.ojalgo;

import io.argmind.linalg.Vectors;
import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.solution.Verifier;
import io.argmind.solver.Limits;
import org.jspecify.annotations.Nullable;

/** The least bad of the points that several methods gave for one quadratic program. */
final class Best {
    private final Program program;
    private final Limits limits;
    private @Nullable Claim claim;
    private double error = Double.POSITIVE_INFINITY;

    Best(Program program, Limits limits) {
        this.program = program;
        this.limits = limits;
    }

    /**
     * The point as an optimum if its residuals confirm it; otherwise null, and it is kept if it is
     * the best so far.
     */
    @Nullable Claim offer(double[] x, QpRows.Duals duals) {
        if (!Vectors.allFinite(x)) {
            return null;
        }
        Claim confirmed = Answers.optimal(program, x, duals.y(), duals.z(), duals.zBox(), limits);
        if (confirmed != null) {
            return confirmed;
        }
        double now =
                Verifier.relativeError(
                        program, Verifier.complete(program, x, duals.y(), duals.z(), duals.zBox()));
        if (claim == null || now < error) {
            claim = Claim.point(Status.NUMERICAL_ERROR, x, duals.y(), duals.z(), duals.zBox(), 0);
            error = now;
        }
        return null;
    }

    @Nullable Claim claim() {
        return claim;
    }
}
