package io.argmind.solver.ortools;

import com.google.ortools.linearsolver.MPModelRequest.SolverType;
import com.google.ortools.linearsolver.MPSolutionResponse;
import com.google.ortools.linearsolver.MPSolver.ResultStatus;
import com.google.ortools.linearsolver.MPSolverParameters;
import com.google.ortools.linearsolver.MPSolverParameters.DoubleParam;
import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.Session;
import io.argmind.solver.WarmStart;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * SCIP: linear objectives through a model that can be interrupted, quadratic ones as messages.
 * Every solve has a model of its own: a second solve of one that a limit stopped ends in an
 * internal error. No multipliers. Iterations are nodes.
 *
 * <p>SCIP's presolve takes an equality in two integer variables for infeasible if its coefficients
 * are no integers, although rounding is all that is wrong with it. So "infeasible" has to be said
 * twice, the second time without presolve, and there are no restarts, which would presolve again.
 */
final class ScipSession implements Session {
    private final StopSwitch stop = new StopSwitch();

    @Override
    public Claim solve(Program program, @Nullable WarmStart warm, Limits limits) {
        if (limits.isOver()) {
            return Stops.late();
        }
        stop.begin();
        try {
            Claim claim = solve(program, true, limits);
            boolean doubtful = claim.status() == Status.INFEASIBLE && !stop.isPressed();
            return doubtful && !limits.isOver() ? solve(program, false, limits) : claim;
        } finally {
            stop.end();
        }
    }

    private Claim solve(Program program, boolean presolve, Limits limits) {
        return program.P().isZero()
                ? linear(program, text(0, presolve, limits), limits)
                : quadratic(program, text(1e-7, presolve, limits), limits);
    }

    private Claim linear(Program program, String text, Limits limits) {
        MpModel model = new MpModel("SCIP", program);
        MPSolverParameters parameters = new MPSolverParameters();
        OrToolsLibrary.created();
        try {
            parameters.setDoubleParam(DoubleParam.RELATIVE_MIP_GAP, 0);
            if (!stop.attach(model::interrupt)) {
                return Stops.cancelled();
            }
            if (limits.isOver()) { // building took it all
                return Stops.late();
            }
            double granted = limits.secondsLeft();
            long start = System.nanoTime();
            ResultStatus status = model.solve(parameters, text, granted);
            long nodes = model.nodes();
            return switch (status) {
                case OPTIMAL -> point(Status.OPTIMAL, model.x(), model.bound(), nodes);
                case FEASIBLE -> point(Status.FEASIBLE, model.x(), model.bound(), nodes);
                case INFEASIBLE -> Claim.none(Status.INFEASIBLE, nodes, null);
                case UNBOUNDED -> Claim.none(Status.UNBOUNDED, nodes, null);
                case NOT_SOLVED ->
                        Stops.withoutPoint(
                                limits,
                                stop.isPressed(),
                                granted,
                                Stops.secondsSince(start),
                                nodes);
                case ABNORMAL, MODEL_INVALID ->
                        Claim.none(Status.NUMERICAL_ERROR, nodes, "SCIP says " + status);
            };
        } finally {
            stop.detach();
            model.delete();
            parameters.delete();
            OrToolsLibrary.deleted();
        }
    }

    private static Claim quadratic(Program program, String text, Limits limits) {
        double granted = limits.secondsLeft();
        long start = System.nanoTime();
        MPSolutionResponse response =
                ProtoModel.solve(
                        SumOfSquares.lift(program),
                        SolverType.SCIP_MIXED_INTEGER_PROGRAMMING,
                        text,
                        granted);
        int n = program.n();
        return switch (response.getStatus()) {
            case MPSOLVER_OPTIMAL ->
                    point(
                            Status.OPTIMAL,
                            Arrays.copyOf(ProtoModel.x(response), n),
                            response.getBestObjectiveBound(),
                            0);
            case MPSOLVER_FEASIBLE ->
                    point(
                            Status.FEASIBLE,
                            Arrays.copyOf(ProtoModel.x(response), n),
                            response.getBestObjectiveBound(),
                            0);
            case MPSOLVER_INFEASIBLE -> Claim.none(Status.INFEASIBLE, 0, null);
            case MPSOLVER_UNBOUNDED -> Claim.none(Status.UNBOUNDED, 0, null);
            case MPSOLVER_NOT_SOLVED ->
                    Stops.withoutPoint(limits, false, granted, Stops.secondsSince(start), 0);
            default ->
                    Claim.none(
                            Status.NUMERICAL_ERROR,
                            0,
                            "SCIP says " + response.getStatus() + " " + response.getStatusStr());
        };
    }

    private static Claim point(Status status, double[] x, double bound, long nodes) {
        return Claim.point(status, x, null, null, null, nodes).withBound(bound);
    }

    /**
     * At tolerances below 1e-7 it takes too many of the tangents that approach a quadratic
     * objective.
     */
    private static String text(double gap, boolean presolve, Limits limits) {
        return "limits/gap = "
                + gap
                + "\nnumerics/feastol = 1e-7\npresolving/maxrestarts = 0\nlimits/nodes = "
                + limits.maxIterations()
                + (presolve ? "\n" : "\npresolving/maxrounds = 0\n");
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
