package io.argmind.solver.ortools.discrete;

import com.google.ortools.sat.ConstraintProto;
import com.google.ortools.sat.CpModelProto;
import com.google.ortools.sat.CpObjectiveProto;
import com.google.ortools.sat.CpSolverResponse;
import com.google.ortools.sat.IntegerVariableProto;
import com.google.ortools.sat.LinearConstraintProto;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.OracleSession;
import io.argmind.solver.Selection;
import io.argmind.solver.ortools.StopSwitch;
import org.jspecify.annotations.Nullable;

/**
 * CP-SAT on a knapsack. Costs are rounded to integers of 40 bits, so that the answer is optimal up
 * to n / 2 units of 2^-39 of the largest cost; the bound says so. Iterations are conflicts.
 */
final class CpSatKnapsackSession implements OracleSession {
    private final @Nullable IntegerKnapsack set;
    private final StopSwitch stop = new StopSwitch();

    CpSatKnapsackSession(@Nullable IntegerKnapsack set) {
        this.set = set;
    }

    @Override
    public Selection solve(double[] cost, Limits limits) {
        if (limits.isOver()) {
            return Selection.none(Status.TIME_LIMIT, 0, null);
        }
        if (set == null) {
            return Selection.none(Status.NUMERICAL_ERROR, 0, IntegerKnapsack.OBSTACLE);
        }
        stop.begin();
        try {
            double[] wanted = cost.clone();
            for (int j = 0; j < wanted.length; j++) {
                wanted[j] = set.fits(j) ? Math.min(0, cost[j]) : 0;
            }
            CostScale scale = CostScale.of(wanted, CpSatRun.BITS);
            CpSolverResponse response = CpSatRun.of(model(set, wanted, scale), limits, stop);
            Selection nonsense = CpSatRun.nonsense(response);
            return nonsense != null ? nonsense : answer(set, response, wanted, scale, limits);
        } finally {
            stop.end();
        }
    }

    private static CpModelProto model(IntegerKnapsack set, double[] wanted, CostScale scale) {
        CpModelProto.Builder model = CpModelProto.newBuilder();
        CpObjectiveProto.Builder objective = CpObjectiveProto.newBuilder();
        for (int j = 0; j < wanted.length; j++) {
            int most = wanted[j] < 0 ? 1 : 0;
            model.addVariables(IntegerVariableProto.newBuilder().addDomain(0).addDomain(most));
            objective.addVars(j).addCoeffs(scale.toInteger(wanted[j]));
        }
        for (int r = 0; r < set.capacity().length; r++) {
            LinearConstraintProto.Builder row =
                    LinearConstraintProto.newBuilder().addDomain(0).addDomain(set.capacity()[r]);
            for (int j = 0; j < wanted.length; j++) {
                if (wanted[j] < 0) {
                    row.addVars(j).addCoeffs(set.weight()[r][j]);
                }
            }
            model.addConstraints(ConstraintProto.newBuilder().setLinear(row));
        }
        return model.setObjective(objective).build();
    }

    private Selection answer(
            IntegerKnapsack set,
            @Nullable CpSolverResponse response,
            double[] wanted,
            CostScale scale,
            Limits limits) {
        double error = scale.toCost(0.5 * wanted.length);
        if (response != null && CpSatRun.hasSolution(response)) {
            double[] x = new double[wanted.length];
            for (int j = 0; j < x.length; j++) {
                x[j] = response.getSolution(j);
            }
            double objective = objective(wanted, x);
            double bound =
                    CpSatRun.isOptimal(response)
                            ? objective - error
                            : scale.toCost(response.getBestObjectiveBound()) - error;
            return new Selection(
                    CpSatRun.isOptimal(response) ? Status.OPTIMAL : Status.FEASIBLE,
                    x,
                    Math.min(bound, objective),
                    response.getNumConflicts(),
                    CpSatRun.isOptimal(response) ? null : CpSatRun.reason(limits, stop));
        }
        double[] x = set.greedy(wanted);
        return Selection.feasible(x, set.relaxation(wanted), 0, CpSatRun.reason(limits, stop));
    }

    private static double objective(double[] cost, double[] x) {
        double sum = 0;
        for (int j = 0; j < x.length; j++) {
            sum += x[j] == 1 ? cost[j] : 0;
        }
        return sum;
    }

    @Override
    public void cancel() {
        stop.press();
    }
}
