package io.argmind.solver.ortools;

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
 * GLOP on one live model. The model is kept while programs share A, G and bounds; a cold solve
 * forgets the basis, a re-solve goes on from it. Preprocessing is off: with it GLOP calls unbounded
 * programs infeasible, and re-solves are slower. Signs: see {@link MpModel}.
 */
final class GlopSession implements Session {
    private static final String BACKEND = "GLOP";

    private final StopSwitch stop = new StopSwitch();
    private @Nullable MpModel model;
    private boolean hasBasis;
    private @Nullable MPSolverParameters parameters;

    @Override
    public Claim solve(Program program, @Nullable WarmStart warm, Limits limits) {
        if (limits.isOver()) {
            return Stops.late();
        }
        stop.begin();
        try {
            return cold(program, limits);
        } finally {
            stop.end();
        }
    }

    @Override
    public Claim resolve(Program program, Limits limits) {
        MpModel now = model;
        if (now == null || !hasBasis || !now.isShapeOf(program) || limits.isOver()) {
            return solve(program, null, limits);
        }
        stop.begin();
        try {
            // the old basis stays feasible for the primal simplex if only costs changed, for the
            // dual if none did
            boolean dual = now.hasCosts(program);
            now.update(program);
            Claim claim = run(now, dual, limits);
            return isWorthAnother(claim, limits) ? cold(program, limits) : claim;
        } finally {
            stop.end();
        }
    }

    private Claim cold(Program program, Limits limits) {
        MpModel now = model;
        if (now != null && now.isShapeOf(program)) {
            now.update(program);
            now.forget();
        } else {
            now = build(program);
        }
        Claim claim = run(now, false, limits);
        if (isWorthAnother(claim, limits)) {
            now.forget();
            return run(now, true, limits);
        }
        return claim;
    }

    private boolean isWorthAnother(Claim claim, Limits limits) {
        return claim.status() == Status.NUMERICAL_ERROR && !stop.isPressed() && !limits.isOver();
    }

    private MpModel build(Program program) {
        deleteModel();
        MpModel built = new MpModel(BACKEND, program);
        model = built;
        return built;
    }

    private Claim run(MpModel now, boolean dualSimplex, Limits limits) {
        hasBasis = false;
        if (!stop.attach(now::interrupt)) {
            return Stops.cancelled();
        }
        if (limits.isOver()) { // building took it all
            return Stops.late();
        }
        double granted = limits.secondsLeft();
        long start = System.nanoTime();
        ResultStatus status = now.solve(parameters(), text(dualSimplex, limits), granted);
        hasBasis = status == ResultStatus.OPTIMAL;
        return claim(now, status, limits, granted, Stops.secondsSince(start));
    }

    private static String text(boolean dualSimplex, Limits limits) {
        double tolerance = Stops.clamp(0.1 * limits.tolerance(), 1e-9, 1e-7);
        return "use_preprocessing: false use_dual_simplex: "
                + dualSimplex
                + " primal_feasibility_tolerance: "
                + tolerance
                + " dual_feasibility_tolerance: "
                + tolerance
                + " max_number_of_iterations: "
                + limits.maxIterations();
    }

    private Claim claim(
            MpModel now, ResultStatus status, Limits limits, double granted, double seconds) {
        long iterations = now.iterations();
        return switch (status) {
            case OPTIMAL ->
                    Claim.point(Status.OPTIMAL, now.x(), now.y(), now.z(), now.zBox(), iterations);
            case FEASIBLE ->
                    Claim.point(Status.FEASIBLE, now.x(), now.y(), now.z(), now.zBox(), iterations);
            case INFEASIBLE -> Claim.none(Status.INFEASIBLE, iterations, null);
            case UNBOUNDED -> Claim.none(Status.UNBOUNDED, iterations, null);
            case NOT_SOLVED ->
                    Stops.withoutPoint(limits, stop.isPressed(), granted, seconds, iterations);
            case ABNORMAL, MODEL_INVALID ->
                    Claim.none(Status.NUMERICAL_ERROR, iterations, "GLOP says " + status);
        };
    }

    private MPSolverParameters parameters() {
        if (parameters == null) {
            OrToolsLibrary.load();
            parameters = new MPSolverParameters();
            OrToolsLibrary.created();
        }
        return parameters;
    }

    @Override
    public void cancel() {
        stop.press();
    }

    private void deleteModel() {
        hasBasis = false;
        if (model != null) {
            model.delete();
            model = null;
        }
    }

    @Override
    public void close() {
        deleteModel();
        if (parameters != null) {
            parameters.delete();
            parameters = null;
            OrToolsLibrary.deleted();
        }
    }
}
