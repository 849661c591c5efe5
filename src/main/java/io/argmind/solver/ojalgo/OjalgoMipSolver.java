package io.argmind.solver.ojalgo;

import io.argmind.linalg.Vectors;
import io.argmind.problem.ProblemClass;
import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.solver.Capabilities;
import io.argmind.solver.Limits;
import io.argmind.solver.Session;
import io.argmind.solver.Solver;
import io.argmind.solver.WarmStart;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.integer.IntegerStrategy;
import org.ojalgo.type.context.NumberContext;

/**
 * Programs with integers by ojAlgo's branch and bound, with Gomory cuts where the objective is
 * linear.
 */
public final class OjalgoMipSolver implements Solver {
    /** ojAlgo stores bounds of integer variables as ints. */
    private static final double LARGEST_INTEGER = 1e9;

    private static final double CONFIRMATION = 2e-2; // seconds

    private static final Capabilities CAPABILITIES =
            new Capabilities(
                    "ojalgo-mip",
                    Run.version(),
                    Set.of(ProblemClass.MILP, ProblemClass.MIQP),
                    Set.of(ProblemClass.MILP, ProblemClass.MIQP),
                    Capabilities.Duals.NONE,
                    Capabilities.WarmStarts.NONE,
                    false,
                    false,
                    "Branch and bound of ojAlgo, pure Java, one worker so that answers repeat; no iteration limit. Another back-end confirms its optima.");

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Optional<String> refuse(Program program) {
        for (int j : program.integers()) {
            if (isLarge(program.lb()[j]) || isLarge(program.ub()[j])) {
                return Optional.of(
                        "ojalgo-mip takes integer variables with bounds up to 1e9 or none");
            }
        }
        return Optional.empty();
    }

    private static boolean isLarge(double bound) {
        return !Double.isInfinite(bound) && Math.abs(bound) > LARGEST_INTEGER;
    }

    /**
     * A relaxation per node, a number of nodes that nobody can know, models of decimal numbers, and
     * the confirmation.
     */
    @Override
    public double estimateSeconds(Program program) {
        double rows = 1 + program.p() + program.m();
        double entries = program.P().nnz() + program.A().nnz() + program.G().nnz();
        double node = 1e-4 + 5e-9 * rows * (rows + program.n()) * Math.min(rows, program.n());
        double quadratic = program.P().isZero() ? 1 : 10;
        return CONFIRMATION
                + 2e-6 * entries
                + quadratic * node * (5 + 2.0 * program.integers().length);
    }

    @Override
    public Session open() {
        return new MipSession();
    }

    private static final class MipSession extends OjalgoSession {
        @Override
        Claim solve(Program program, @Nullable WarmStart warm, Limits limits, Run run) {
            IntegerModel model = new IntegerModel(program);
            if (model.isEmpty()) {
                return Claim.none(
                        Status.INFEASIBLE,
                        0,
                        "an integer variable has no integer between its bounds");
            }
            Optimisation.Result result = model.minimise(run.timed(options()));
            double[] x = new double[program.n()];
            for (int j = 0; j < x.length; j++) {
                x[j] = result.doubleValue(j);
            }
            // a node whose relaxation was cut short counts as infeasible in ojAlgo, so nothing said
            // after the end is a verdict
            if (run.isOver()) {
                boolean found =
                        result.getState().isFeasible()
                                && !result.getState().isFailure()
                                && Vectors.allFinite(x);
                return Answers.stopped(run.unfinished(0), found ? x : null);
            }
            return switch (result.getState()) {
                // it has called points optimal that are not, so its optima come without a bound and
                // need another's word
                case OPTIMAL, DISTINCT -> Answers.stopped(Claim.none(Status.OPTIMAL, 0, null), x);
                case INFEASIBLE, INVALID -> Claim.none(Status.INFEASIBLE, 0, null);
                case UNBOUNDED -> Claim.none(Status.UNBOUNDED, 0, null);
                case APPROXIMATE, FEASIBLE, FAILED, UNEXPLORED, VALID -> run.unfinished(0);
            };
        }

        private static Optimisation.Options options() {
            Optimisation.Options options = new Optimisation.Options();
            options.sparse =
                    false; // dense simplex, and for quadratic objectives the direct active set
            return options.integer(
                    IntegerStrategy.newConfigurable()
                            .withParallelism(() -> 1)
                            .withGapTolerance(NumberContext.of(8, 8)));
        }
    }
}
