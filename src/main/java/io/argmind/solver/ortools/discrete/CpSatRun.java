package io.argmind.solver.ortools.discrete;

import com.google.ortools.sat.CpModelProto;
import com.google.ortools.sat.CpSolverResponse;
import com.google.ortools.sat.CpSolverStatus;
import com.google.ortools.sat.SatParameters;
import com.google.ortools.sat.SolveWrapper;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.Selection;
import io.argmind.solver.ortools.OrToolsLibrary;
import io.argmind.solver.ortools.StopSwitch;
import org.jspecify.annotations.Nullable;

/** One call of CP-SAT with one worker and a fixed seed, so that answers repeat. */
final class CpSatRun {
    /** Of the largest cost: sums over a thousand items are exact, and CP-SAT is still at ease. */
    static final int BITS = 40;

    private CpSatRun() {}

    /** The answer, or null if there was no time to ask. */
    static @Nullable CpSolverResponse of(CpModelProto model, Limits limits, StopSwitch stop) {
        SolveWrapper solver = new SolveWrapper();
        OrToolsLibrary.created();
        try {
            if (!stop.attach(solver::stopSearch) || limits.isOver()) {
                return null;
            }
            solver.setParameters(
                    SatParameters.newBuilder()
                            .setNumWorkers(1)
                            .setRandomSeed(0)
                            .setRelativeGapLimit(0)
                            .setAbsoluteGapLimit(0)
                            .setMaxTimeInSeconds(limits.secondsLeft())
                            .setMaxNumberOfConflicts(limits.maxIterations())
                            .build());
            return solver.solve(model);
        } finally {
            stop.detach();
            solver.delete();
            OrToolsLibrary.deleted();
        }
    }

    /**
     * An answer that cannot be, so that somebody else is asked; null if it is none of these. The
     * sets that are modelled are never empty.
     */
    static @Nullable Selection nonsense(@Nullable CpSolverResponse response) {
        CpSolverStatus status = response == null ? CpSolverStatus.UNKNOWN : response.getStatus();
        return status == CpSolverStatus.MODEL_INVALID || status == CpSolverStatus.INFEASIBLE
                ? Selection.none(Status.NUMERICAL_ERROR, 0, "CP-SAT says " + status)
                : null;
    }

    static boolean hasSolution(@Nullable CpSolverResponse response) {
        return response != null
                && (response.getStatus() == CpSolverStatus.OPTIMAL
                        || response.getStatus() == CpSolverStatus.FEASIBLE);
    }

    static boolean isOptimal(@Nullable CpSolverResponse response) {
        return response != null && response.getStatus() == CpSolverStatus.OPTIMAL;
    }

    static String reason(Limits limits, StopSwitch stop) {
        return stop.isPressed()
                ? "cancelled"
                : limits.isOver() ? "the time limit was reached" : "a limit was reached";
    }
}
