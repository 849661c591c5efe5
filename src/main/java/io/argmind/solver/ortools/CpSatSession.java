package io.argmind.solver.ortools;

import com.google.ortools.sat.CpModelProto;
import com.google.ortools.sat.CpSolverResponse;
import com.google.ortools.sat.SatParameters;
import com.google.ortools.sat.SolveWrapper;
import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.Session;
import io.argmind.solver.WarmStart;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * CP-SAT with one worker and a fixed seed, so that answers repeat. It keeps nothing between solves.
 * Iterations are conflicts.
 */
final class CpSatSession implements Session {
    private final StopSwitch stop = new StopSwitch();

    @Override
    public Claim solve(Program program, @Nullable WarmStart warm, Limits limits) {
        if (limits.isOver()) {
            return Stops.late();
        }
        String obstacle = IntegerModel.obstacle(program);
        if (obstacle != null) {
            return Claim.none(Status.NUMERICAL_ERROR, 0, obstacle);
        }
        stop.begin();
        try {
            IntegerModel integers = IntegerModel.of(program);
            CpModelProto model = integers.model();
            return model == null
                    ? Claim.none(Status.INFEASIBLE, 0, null)
                    : run(model, integers.costScale(), limits);
        } finally {
            stop.end();
        }
    }

    private Claim run(CpModelProto model, double costScale, Limits limits) {
        OrToolsLibrary.load();
        SolveWrapper solver = new SolveWrapper();
        OrToolsLibrary.created();
        try {
            if (!stop.attach(solver::stopSearch)) {
                return Stops.cancelled();
            }
            if (limits.isOver()) { // building took it all
                return Stops.late();
            }
            double granted = limits.secondsLeft();
            long start = System.nanoTime();
            solver.setParameters(parameters(limits, granted));
            CpSolverResponse response = solver.solve(model);
            return claim(response, costScale, limits, granted, Stops.secondsSince(start));
        } finally {
            stop.detach();
            solver.delete();
            OrToolsLibrary.deleted();
        }
    }

    private static SatParameters parameters(Limits limits, double granted) {
        return SatParameters.newBuilder()
                .setNumWorkers(1)
                .setRandomSeed(0)
                .setMaxTimeInSeconds(granted)
                .setMaxNumberOfConflicts(limits.maxIterations())
                .build();
    }

    private Claim claim(
            CpSolverResponse response,
            double costScale,
            Limits limits,
            double granted,
            double seconds) {
        long conflicts = response.getNumConflicts();
        return switch (response.getStatus()) {
            case OPTIMAL -> point(Status.OPTIMAL, response, costScale);
            case FEASIBLE -> point(Status.FEASIBLE, response, costScale);
            case INFEASIBLE -> Claim.none(Status.INFEASIBLE, conflicts, null);
            case UNKNOWN ->
                    Stops.withoutPoint(limits, stop.isPressed(), granted, seconds, conflicts);
            case MODEL_INVALID, UNRECOGNIZED ->
                    Claim.none(
                            Status.NUMERICAL_ERROR,
                            conflicts,
                            "CP-SAT says "
                                    + response.getStatus()
                                    + " "
                                    + response.getSolutionInfo());
        };
    }

    private static Claim point(Status status, CpSolverResponse response, double costScale) {
        double[] x = new double[response.getSolutionCount()];
        Arrays.setAll(x, response::getSolution);
        return Claim.point(status, x, null, null, null, response.getNumConflicts())
                .withBound(response.getBestObjectiveBound() / costScale);
    }

    @Override
    public void cancel() {
        stop.press();
    }

    @Override
    public void close() {
        // nothing outlives a solve
    }
}
