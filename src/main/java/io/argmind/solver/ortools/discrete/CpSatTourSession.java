package io.argmind.solver.ortools.discrete;

import com.google.ortools.sat.CircuitConstraintProto;
import com.google.ortools.sat.ConstraintProto;
import com.google.ortools.sat.CpModelProto;
import com.google.ortools.sat.CpObjectiveProto;
import com.google.ortools.sat.CpSolverResponse;
import com.google.ortools.sat.IntegerVariableProto;
import com.google.ortools.sat.PartialVariableAssignment;
import io.argmind.linalg.Vectors;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.OracleSession;
import io.argmind.solver.Selection;
import io.argmind.solver.ortools.StopSwitch;
import org.jspecify.annotations.Nullable;

/**
 * Tours by CP-SAT's circuit constraint.
 *
 * <p>A local search in double precision finds a tour first; it is CP-SAT's hint, and the answer if
 * time is up before there is a better one. Every row and column of costs is reduced by its least
 * entry. Arcs whose reduced cost is more than the known tour costs above that bound are in no
 * better tour and are left out; so forbiddingly large costs do not spoil the scale: the rest is
 * rounded to integers of 40 bits, which makes the answer optimal up to n units of 2^-39 of that
 * difference. The bound says so. What CP-SAT finds goes through the local search once more.
 * Iterations are conflicts.
 */
final class CpSatTourSession implements OracleSession {
    private final int n;
    private final LocalTour local;
    private final int[] best;
    private final int[] successor;
    private final double[] reduced;
    private final int[] variable;
    private final StopSwitch stop = new StopSwitch();

    CpSatTourSession(int n) {
        this.n = n;
        local = new LocalTour(n);
        best = new int[n];
        successor = new int[n];
        reduced = new double[n * n];
        variable = new int[n * n];
    }

    @Override
    public Selection solve(double[] cost, Limits limits) {
        if (limits.isOver()) {
            return Selection.none(Status.TIME_LIMIT, 0, null);
        }
        if (n == 1) {
            return Selection.optimal(new double[1], 0, 0);
        }
        stop.begin();
        try {
            System.arraycopy(local.of(cost), 0, best, 0, n);
            double objective = length(best, cost);
            double bound = reduce(cost);
            double slack = (objective - bound) + 1e-12 * Vectors.normInf(cost);
            CostScale scale = CostScale.of(slack, CpSatRun.BITS);
            CpSolverResponse response = CpSatRun.of(model(slack, scale), limits, stop);
            Selection nonsense = CpSatRun.nonsense(response);
            return nonsense != null ? nonsense : answer(response, bound, scale, cost, limits);
        } finally {
            stop.end();
        }
    }

    private double length(int[] tour, double[] cost) {
        double sum = 0;
        for (int k = 0; k < n; k++) {
            sum += cost[tour[k] * n + tour[(k + 1) % n]];
        }
        return sum;
    }

    /** Makes the reduced costs; what was taken away is a lower bound. */
    private double reduce(double[] cost) {
        double bound = 0;
        for (int i = 0; i < n; i++) {
            double least = Double.POSITIVE_INFINITY;
            for (int j = 0; j < n; j++) {
                least = j == i ? least : Math.min(least, cost[i * n + j]);
            }
            for (int j = 0; j < n; j++) {
                reduced[i * n + j] = cost[i * n + j] - least;
            }
            bound += least;
        }
        for (int j = 0; j < n; j++) {
            double least = Double.POSITIVE_INFINITY;
            for (int i = 0; i < n; i++) {
                least = j == i ? least : Math.min(least, reduced[i * n + j]);
            }
            for (int i = 0; i < n; i++) {
                reduced[i * n + j] -= least;
            }
            bound += least;
        }
        return bound;
    }

    private CpModelProto model(double slack, CostScale scale) {
        CpModelProto.Builder model = CpModelProto.newBuilder();
        CpObjectiveProto.Builder objective = CpObjectiveProto.newBuilder();
        CircuitConstraintProto.Builder circuit = CircuitConstraintProto.newBuilder();
        for (int k = 0; k < n; k++) {
            successor[best[k]] = best[(k + 1) % n];
        }
        int count = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                int at = i * n + j;
                variable[at] = -1;
                if (i != j && (reduced[at] <= slack || follows(i, j))) {
                    variable[at] = count;
                    model.addVariables(IntegerVariableProto.newBuilder().addDomain(0).addDomain(1));
                    circuit.addTails(i).addHeads(j).addLiterals(count);
                    objective.addVars(count).addCoeffs(scale.toInteger(reduced[at]));
                    count++;
                }
            }
        }
        PartialVariableAssignment.Builder hint = PartialVariableAssignment.newBuilder();
        for (int at = 0; at < variable.length; at++) {
            if (variable[at] >= 0) {
                hint.addVars(variable[at]).addValues(follows(at / n, at % n) ? 1 : 0);
            }
        }
        return model.addConstraints(ConstraintProto.newBuilder().setCircuit(circuit))
                .setObjective(objective)
                .setSolutionHint(hint)
                .build();
    }

    private boolean follows(int i, int j) {
        return successor[i] == j;
    }

    private Selection answer(
            @Nullable CpSolverResponse response,
            double reduction,
            CostScale scale,
            double[] cost,
            Limits limits) {
        double bound = reduction;
        long conflicts = 0;
        if (response != null) {
            conflicts = response.getNumConflicts();
            if (CpSatRun.hasSolution(response)) {
                takeIfBetter(response, cost);
            }
            double proved = scale.toCost(response.getBestObjectiveBound() - n);
            bound = reduction + Math.max(0, proved);
        }
        double[] x = new double[n * n];
        double objective = 0;
        for (int k = 0; k < n; k++) {
            int at = best[k] * n + best[(k + 1) % n];
            x[at] = 1;
            objective += cost[at];
        }
        boolean optimal = CpSatRun.isOptimal(response);
        return new Selection(
                optimal ? Status.OPTIMAL : Status.FEASIBLE,
                x,
                Math.min(bound, objective),
                conflicts,
                optimal ? null : CpSatRun.reason(limits, stop));
    }

    private void takeIfBetter(CpSolverResponse response, double[] cost) {
        int[] found = new int[n];
        for (int k = 1; k < n; k++) {
            int from = found[k - 1];
            int to = 0;
            while (variable[from * n + to] < 0
                    || response.getSolution(variable[from * n + to]) == 0) {
                to++;
            }
            found[k] = to;
        }
        int[] improved = local.from(found, cost);
        if (length(improved, cost) < length(best, cost)) {
            System.arraycopy(improved, 0, best, 0, n);
        }
    }

    @Override
    public void cancel() {
        stop.press();
    }
}
