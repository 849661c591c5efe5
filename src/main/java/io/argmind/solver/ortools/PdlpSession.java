package io.argmind.solver.ortools;

import com.google.ortools.linearsolver.MPModelRequest.SolverType;
import com.google.ortools.linearsolver.MPSolutionResponse;
import com.google.ortools.linearsolver.MPSolver.ResultStatus;
import com.google.ortools.linearsolver.MPSolverParameters;
import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.Session;
import io.argmind.solver.WarmStart;
import org.jspecify.annotations.Nullable;

/**
 * PDLP: linear programs through a model that can be interrupted, quadratic ones as messages. Every
 * solve is cold. Signs: see {@link MpModel} and {@link ProtoModel}.
 */
final class PdlpSession implements Session {
    private final StopSwitch stop = new StopSwitch();

    @Override
    public Claim solve(Program program, @Nullable WarmStart warm, Limits limits) {
        if (limits.isOver()) {
            return Stops.late();
        }
        stop.begin();
        try {
            return program.P().isZero() ? linear(program, limits) : quadratic(program, limits);
        } finally {
            stop.end();
        }
    }

    private Claim linear(Program program, Limits limits) {
        MpModel model = new MpModel("PDLP", program);
        MPSolverParameters parameters = new MPSolverParameters();
        OrToolsLibrary.created();
        try {
            if (!stop.attach(model::interrupt)) {
                return Stops.cancelled();
            }
            if (limits.isOver()) { // building took it all
                return Stops.late();
            }
            double granted = limits.secondsLeft();
            long start = System.nanoTime();
            ResultStatus status = model.solve(parameters, text(limits), granted);
            long iterations = model.iterations();
            return switch (status) {
                case OPTIMAL, FEASIBLE ->
                        Claim.point(
                                status == ResultStatus.OPTIMAL ? Status.OPTIMAL : Status.FEASIBLE,
                                model.x(),
                                model.y(),
                                model.z(),
                                model.zBox(),
                                iterations);
                case INFEASIBLE -> Claim.none(Status.INFEASIBLE, iterations, null);
                case UNBOUNDED -> Claim.none(Status.UNBOUNDED, iterations, null);
                case NOT_SOLVED ->
                        Stops.withoutPoint(
                                limits,
                                stop.isPressed(),
                                granted,
                                Stops.secondsSince(start),
                                iterations);
                case ABNORMAL, MODEL_INVALID ->
                        Claim.none(Status.NUMERICAL_ERROR, iterations, "PDLP says " + status);
            };
        } finally {
            stop.detach();
            model.delete();
            parameters.delete();
            OrToolsLibrary.deleted();
        }
    }

    private static Claim quadratic(Program program, Limits limits) {
        double granted = limits.secondsLeft();
        long start = System.nanoTime();
        MPSolutionResponse response =
                ProtoModel.solve(
                        program, SolverType.PDLP_LINEAR_PROGRAMMING, text(limits), granted);
        // the response does not tell iterations
        return switch (response.getStatus()) {
            case MPSOLVER_OPTIMAL, MPSOLVER_FEASIBLE ->
                    Claim.point(
                            Status.OPTIMAL,
                            ProtoModel.x(response),
                            ProtoModel.y(response, program),
                            ProtoModel.z(response, program),
                            ProtoModel.zBox(response),
                            0);
            case MPSOLVER_INFEASIBLE -> Claim.none(Status.INFEASIBLE, 0, null);
            case MPSOLVER_UNBOUNDED -> Claim.none(Status.UNBOUNDED, 0, null);
            case MPSOLVER_NOT_SOLVED ->
                    Stops.withoutPoint(limits, false, granted, Stops.secondsSince(start), 0);
            default ->
                    Claim.none(
                            Status.NUMERICAL_ERROR,
                            0,
                            "PDLP says " + response.getStatus() + " " + response.getStatusStr());
        };
    }

    /**
     * Half of the tolerance, since PDLP adds up an absolute and a relative one; in the norm in
     * which answers are judged.
     */
    private static String text(Limits limits) {
        double tolerance = Stops.clamp(0.5 * limits.tolerance(), 1e-12, 1e-3);
        return "termination_criteria { optimality_norm: OPTIMALITY_NORM_L_INF"
                + " simple_optimality_criteria { eps_optimal_absolute: "
                + tolerance
                + " eps_optimal_relative: "
                + tolerance
                + " } iteration_limit: "
                + limits.maxIterations()
                + " }";
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
