package io.argmind.solver.ojalgo;

import io.argmind.problem.ProblemClass;
import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.solver.Capabilities;
import io.argmind.solver.Limits;
import io.argmind.solver.Session;
import io.argmind.solver.Solver;
import io.argmind.solver.WarmStart;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Linear programs by ojAlgo's revised simplex. */
public final class OjalgoLpSolver implements Solver {
    /**
     * Reduced costs are compared with 1e-7: the objective is blown up so that this is 1e-10 of its
     * size.
     */
    private static final double COST_SIZE = 1024;

    private static final Capabilities CAPABILITIES =
            new Capabilities(
                    "ojalgo-lp",
                    Run.version(),
                    Set.of(ProblemClass.LP),
                    Set.of(ProblemClass.LP),
                    Capabilities.Duals.ROWS_AND_BOUNDS,
                    Capabilities.WarmStarts.NONE,
                    false,
                    false,
                    "Revised simplex of ojAlgo, pure Java; equilibrated here, because ojAlgo's tolerances are absolute.");

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    /** A dense tableau of (m + p)(n + m + p) entries is pivoted a few times min(n, m + p). */
    @Override
    public double estimateSeconds(Program program) {
        double rows = program.p() + program.m();
        double entries = program.A().nnz() + program.G().nnz();
        return 3e-5
                + 2e-7 * entries
                + 2.5e-9 * rows * (rows + program.n()) * Math.min(rows, program.n());
    }

    @Override
    public Session open() {
        return new LpSession();
    }

    private static final class LpSession extends OjalgoSession {
        @Override
        Claim solve(Program program, @Nullable WarmStart warm, Limits limits, Run run) {
            Answer doubtful = null;
            long mostPivots = 5000 + 20L * (program.n() + program.p() + program.m());
            for (boolean equilibrated : new boolean[] {true, false}) {
                Scaling scaling =
                        equilibrated
                                ? Scaling.equilibrate(program, COST_SIZE)
                                : Scaling.none(program);
                SimplexLp.Outcome outcome =
                        new SimplexLp(scaling.scale(program)).solve(run.phase(mostPivots));
                Answer answer = scaling.unscale(outcome.answer());
                switch (outcome.state()) {
                    case OPTIMAL, DISTINCT -> {
                        Answer confirmed = answer.confirmed(program, limits.tolerance());
                        if (confirmed != null) {
                            return confirmed.claim(Status.OPTIMAL);
                        }
                        doubtful = answer;
                    }
                    case INFEASIBLE -> {
                        return Claim.none(Status.INFEASIBLE, 0, null);
                    }
                    case UNBOUNDED -> {
                        return Claim.none(Status.UNBOUNDED, 0, null);
                    }
                    case APPROXIMATE, FEASIBLE, FAILED, INVALID, UNEXPLORED, VALID -> {
                        if (run.isOver() || limits.maxIterations() < mostPivots) {
                            return Answer.stopped(run.unfinished(mostPivots), answer);
                        }
                    }
                }
            }
            return doubtful != null ? doubtful.claim(Status.OPTIMAL) : run.unfinished(mostPivots);
        }
    }
}
