package io.argmind.solver.ojalgo;

import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import org.jspecify.annotations.Nullable;

/** The least bad of the points that several methods gave for one quadratic program. */
final class Best {
    /** Sharpening factors a dense system of up to this size, which no limit ends. */
    private static final int MOST_TO_SHARPEN = 1200;

    private final Program program;
    private final double tolerance;
    private final Run run;
    private @Nullable Answer answer;
    private double error = Double.POSITIVE_INFINITY;

    Best(Program program, double tolerance, Run run) {
        this.program = program;
        this.tolerance = tolerance;
        this.run = run;
    }

    /**
     * The answer to the scaled program as an optimum if its residuals confirm it, there and in our
     * units (where small rows can hide behind large ones); otherwise null, and it is kept if it is
     * the best so far. After the end nothing is sharpened, which takes time.
     */
    @Nullable Claim offer(Answer scaled, Scaling scaling, Program scaledProgram) {
        if (!scaled.isFinite()) {
            return null;
        }
        Answer sharp = run.isOver() ? null : confirmed(scaled, scaledProgram);
        Answer ours = scaling.unscale(sharp == null ? scaled : sharp);
        double now = ours.error(program);
        if (sharp != null && now <= tolerance) {
            return ours.claim(Status.OPTIMAL);
        }
        if (answer == null || now < error) {
            answer = ours;
            error = now;
        }
        return null;
    }

    private @Nullable Answer confirmed(Answer scaled, Program scaledProgram) {
        if (program.n() + program.p() + program.m() <= MOST_TO_SHARPEN) {
            return scaled.confirmed(scaledProgram, tolerance);
        }
        return scaled.error(scaledProgram) <= tolerance ? scaled : null;
    }

    @Nullable Answer answer() {
        return answer;
    }
}
