package io.argmind.solver.ortools;

import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Single attempts at a program on one HiGHS object. Each passes the whole model, which makes HiGHS
 * forget what it knew.
 */
final class HighsRuns implements AutoCloseable {
    /** HiGHS refuses to go on from a point that violates its tolerance, and drifts. */
    private static final double QP_TOLERANCE = 1e-7;

    private final BooleanSupplier cancelled;
    private final HighsInstance instance;
    private final HighsModel model;
    private final HighsAnswer answer;

    HighsRuns(BooleanSupplier cancelled) {
        this.cancelled = cancelled;
        this.instance = new HighsInstance(cancelled);
        this.model = new HighsModel(instance);
        this.answer = new HighsAnswer(instance, model);
    }

    @Override
    public void close() {
        instance.close();
    }

    /** Simplex, from a basis if there is one. */
    Claim linear(Program program, @Nullable HighsBasis basis, String presolve, Limits limits) {
        if (!model.pass(program)) {
            return refused();
        }
        if (basis != null) {
            model.setBasis(basis);
        }
        return simplex(program, presolve, limits);
    }

    /**
     * Simplex from the basis of the run before, which was of a program with the same A, G and
     * bounds.
     */
    Claim changed(Program program, Limits limits) {
        model.change(program);
        return simplex(program, "off", limits);
    }

    private Claim simplex(Program program, String presolve, Limits limits) {
        setFeasibility(tolerance(limits));
        instance.set("presolve", presolve);
        instance.set("simplex_iteration_limit", limits.maxIterations());
        return answer.of(program, run(limits), 0);
    }

    /** Branch and cut, from a point that may be feasible if there is one. */
    Claim integer(Program program, double @Nullable [] hint, String presolve, Limits limits) {
        if (!model.pass(program)) {
            return refused();
        }
        if (hint != null) {
            model.hint(hint);
        }
        double tolerance = tolerance(limits);
        setFeasibility(tolerance);
        instance.set("mip_feasibility_tolerance", tolerance);
        instance.set("mip_rel_gap", 0.0);
        instance.set("mip_abs_gap", tolerance);
        instance.set("mip_max_nodes", limits.maxIterations());
        instance.set("simplex_iteration_limit", Limits.NO_ITERATION_LIMIT);
        instance.set("presolve", presolve);
        return answer.of(program, run(limits), 0);
    }

    /**
     * HiGHS' active-set method in slices, each going on from the active set and the point of the
     * one before. That refreshes its factors (left alone, it drifts off the constraints from some
     * 150 variables on and never ends), and lets it be cancelled.
     *
     * @param regularization is added to the diagonal of P
     * @param slice iterations in one go; short slices are slow, and get over most wrong turns
     */
    Claim quadratic(Program program, double regularization, int slice, Limits limits) {
        if (!model.pass(program)) {
            return refused();
        }
        setFeasibility(QP_TOLERANCE);
        instance.set("presolve", "off");
        instance.set("qp_regularization_value", regularization);
        instance.set("simplex_iteration_limit", limits.maxIterations());
        int patience = 1000 + 20 * (program.n() + program.p() + program.m());
        int most = Math.min(limits.maxIterations(), patience);
        long before = 0;
        for (int done = 0; true; done += slice) {
            instance.set("qp_iteration_limit", Math.min(slice, most - done));
            HighsStatus status = run(limits);
            if (status != HighsStatus.ITERATION_LIMIT || limits.maxIterations() <= done + slice) {
                return answer.of(program, status, before);
            }
            if (cancelled.getAsBoolean()) {
                return answer.of(program, HighsStatus.CANCELLED, before);
            }
            if (most <= done + slice || !answer.hasFeasiblePoint()) {
                return answer.of(program, HighsStatus.UNDECIDED, before);
            }
            before += answer.iterations(program);
        }
    }

    private HighsStatus run(Limits limits) {
        double seconds = limits.secondsLeft();
        return seconds > 0 ? instance.run(seconds) : HighsStatus.TIME_LIMIT;
    }

    private void setFeasibility(double tolerance) {
        instance.set("primal_feasibility_tolerance", tolerance);
        instance.set("dual_feasibility_tolerance", tolerance);
    }

    /**
     * A tenth of what is asked for, which is relative where HiGHS' is absolute; HiGHS takes no less
     * than 1e-10.
     */
    private static double tolerance(Limits limits) {
        return Math.clamp(0.1 * limits.tolerance(), 1e-10, 1e-7);
    }

    private static Claim refused() {
        return Claim.none(
                Status.NUMERICAL_ERROR,
                0,
                "the solver refused the model: a coefficient is too large for it");
    }
}
