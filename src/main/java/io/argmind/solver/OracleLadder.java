package io.argmind.solver;

import io.argmind.linalg.Vectors;
import io.argmind.problem.discrete.Discrete;
import io.argmind.solution.Status;
import io.argmind.solution.discrete.DiscreteSolution;
import io.argmind.solution.discrete.SetMembership;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of a plan's oracles for one set, opened when they are first needed, whose answers are
 * checked outside of them: x must be in the set, its objective is computed from the costs as sent,
 * and {@code optimal} stands only where the oracle's own bound meets it. Confined to one thread.
 */
public final class OracleLadder implements Ladder {
    private final OraclePlan plan;
    private final Discrete set;
    private final SetMembership membership;
    private final List<@Nullable OracleSession> sessions = new ArrayList<>();
    private volatile @Nullable OracleSession running;
    private @Nullable Boolean mayBeEmpty;
    private int climbs;

    public OracleLadder(OraclePlan plan, Discrete set) {
        this.plan = plan;
        this.set = set;
        this.membership = new SetMembership(set);
        for (int i = 0; i < plan.ladder().size(); i++) {
            sessions.add(null);
        }
    }

    @Override
    public int climbs() {
        return climbs;
    }

    /** Minimizes and checks; where an oracle has a numerical error, the next one is asked. */
    public DiscreteSolution minimize(double[] cost, Limits limits) {
        DiscreteSolution last = solve(0, cost, limits);
        for (int rung = 1; rung < plan.ladder().size(); rung++) {
            if (last.status() != Status.NUMERICAL_ERROR || limits.isOver()) {
                return last;
            }
            climbs++;
            last = solve(rung, cost, limits);
        }
        return last;
    }

    private DiscreteSolution solve(int rung, double[] cost, Limits limits) {
        OracleSession session = session(rung);
        running = session;
        try {
            return checked(session.solve(cost, limits), cost, limits.tolerance());
        } finally {
            running = null;
        }
    }

    private DiscreteSolution checked(Selection claim, double[] cost, double tolerance) {
        double[] x = claim.x();
        if (!claim.status().hasSolution() || x == null) {
            return withoutSolution(claim, cost);
        }
        double violation = x.length == cost.length ? membership.violation(x) : Double.NaN;
        if (violation != 0) {
            return denied(claim, "the solver's answer is not in the set");
        }
        double objective = 0;
        double scale = 0;
        for (int i = 0; i < x.length; i++) {
            if (x[i] != 0) { // few are chosen
                objective += cost[i] * x[i];
                scale += Math.abs(cost[i] * x[i]);
            }
        }
        scale = Math.max(scale, Vectors.normInf(cost));
        double gap = scale == 0 ? 0 : (objective - claim.bound()) / scale;
        if (gap < -tolerance) {
            return denied(claim, "the solver's lower bound is above the objective of its answer");
        }
        boolean proved = claim.status() == Status.OPTIMAL && gap <= tolerance;
        return new DiscreteSolution(
                proved ? Status.OPTIMAL : Status.FEASIBLE,
                x,
                objective,
                violation,
                Math.max(0, gap),
                claim.iterations(),
                proved || claim.status() == Status.FEASIBLE
                        ? claim.detail()
                        : "the solver's lower bound does not reach the objective of its answer");
    }

    private DiscreteSolution withoutSolution(Selection claim, double[] cost) {
        if (claim.status().hasSolution()) {
            return denied(claim, "the solver claimed an answer that it did not give");
        }
        if (claim.status() == Status.INFEASIBLE && !mayBeEmpty()) {
            return denied(claim, "the solver called a set empty that is not");
        }
        if (claim.status() == Status.UNBOUNDED && !mayBeUnbounded(cost)) {
            return denied(claim, "the solver called costs unbounded that are not");
        }
        return DiscreteSolution.failed(claim.status(), claim.iterations(), claim.detail());
    }

    private boolean mayBeEmpty() {
        Boolean known = mayBeEmpty;
        if (known == null) {
            known = membership.mayBeEmpty();
            mayBeEmpty = known;
        }
        return known;
    }

    /** All sets are finite; but walks around a cycle of negative cost have no cheapest one. */
    private boolean mayBeUnbounded(double[] cost) {
        if (set.kind().isPath()) {
            for (double c : cost) {
                if (c < 0) {
                    return true;
                }
            }
        }
        return false;
    }

    private static DiscreteSolution denied(Selection claim, String detail) {
        return DiscreteSolution.failed(Status.NUMERICAL_ERROR, claim.iterations(), detail);
    }

    private OracleSession session(int rung) {
        OracleSession session = sessions.get(rung);
        if (session == null) {
            session = plan.ladder().get(rung).open(set);
            sessions.set(rung, session);
        }
        return session;
    }

    /** Closes the sessions; new ones are opened when they are needed. */
    public void restart() {
        for (int i = 0; i < sessions.size(); i++) {
            OracleSession session = sessions.get(i);
            sessions.set(i, null);
            if (session != null) {
                session.close();
            }
        }
    }

    @Override
    public void cancel() {
        OracleSession now = running;
        if (now != null) {
            now.cancel();
        }
    }

    @Override
    public void close() {
        restart();
    }
}
