package io.argmind.dispatch;

import io.argmind.lpgd.BackwardPass;
import io.argmind.lpgd.Solved;
import io.argmind.problem.InvalidProblemException;
import io.argmind.problem.Program;
import io.argmind.problem.Programs;
import io.argmind.solution.Solution;
import io.argmind.solution.Solution.Point;
import io.argmind.solution.Status;
import io.argmind.solver.LadderSession;
import io.argmind.solver.Plan;
import io.argmind.solver.Referees;
import io.argmind.solver.Solver;
import io.argmind.solver.Solvers;
import io.argmind.solver.WarmStart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Solves batches: picks the solver, spreads the instances over the threads, keeps what the backward
 * pass will want.
 */
public final class SolveService {
    private static final Logger LOG = LoggerFactory.getLogger(SolveService.class);

    private final Solvers solvers;
    private final Referees referees;
    private final Workers workers;
    private final RetainedSolves retained;
    private final ServiceMeters meters;

    public SolveService(
            Solvers solvers, Workers workers, RetainedSolves retained, ServiceMeters meters) {
        this.solvers = solvers;
        this.referees = solvers.referees();
        this.workers = workers;
        this.retained = retained;
        this.meters = meters;
    }

    /**
     * Guesses for a batch, [size, ...] each.
     *
     * @param x [size, n]
     */
    public record WarmStarts(
            double[] x, double @Nullable [] y, double @Nullable [] z, double @Nullable [] zBox) {

        @Nullable WarmStart of(int i, int size) {
            double[] part = slice(x, i, size);
            for (double v : part) {
                if (!Double.isFinite(v)) {
                    return null; // a failed instance of an earlier answer
                }
            }
            return new WarmStart(
                    part,
                    y == null ? null : slice(y, i, size),
                    z == null ? null : slice(z, i, size),
                    zBox == null ? null : slice(zBox, i, size));
        }

        private static double[] slice(double[] all, int i, int size) {
            int length = all.length / size;
            return Arrays.copyOfRange(all, i * length, (i + 1) * length);
        }
    }

    /**
     * The answer for a batch.
     *
     * @param id where the solve is retained; null if it is not
     * @param solver whom the plan named first
     * @param reason why
     * @param solutions [size]
     */
    public record Answer(
            @Nullable String id,
            String solver,
            String reason,
            List<Solution> solutions,
            double seconds) {}

    /**
     * Solves every instance.
     *
     * @throws InvalidProblemException if the solver cannot take the programs, or P is not positive
     *     semidefinite
     * @throws DeadlineExceededException if the deadline passed before any instance was begun
     */
    public Answer solve(
            Programs programs,
            String solverName,
            SolveOptions options,
            @Nullable WarmStarts warm,
            boolean retain) {
        long start = System.nanoTime();
        int size = programs.size();
        List<Program> instances = IntStream.range(0, size).mapToObj(programs::instance).toList();
        Plan plan = solvers.plan(solverName, programs.problemClass(), instances);
        ConvexityCheck convexity = new ConvexityCheck(programs, plan);
        if (convexity.isOfOne()) {
            workers.forEach(
                    options,
                    1,
                    opening(plan),
                    (from, to, chunk) -> convexity.lookAtOne(isOver(options, chunk)));
            convexity.throwIfFailed();
        }
        Solution[] solutions = new Solution[size];
        Workers.Done done =
                workers.forEach(
                        options,
                        size,
                        opening(plan),
                        (from, to, chunk) -> {
                            convexity.look(from, to, isOver(options, chunk));
                            if (convexity.hasFailed()) {
                                return; // nothing will be answered but that
                            }
                            List<@Nullable WarmStart> starts = new ArrayList<>();
                            for (int i = from; i < to; i++) {
                                starts.add(warm == null ? null : warm.of(i, size));
                            }
                            List<Solution> part =
                                    solve(instances.subList(from, to), starts, options, chunk);
                            for (int i = from; i < to; i++) {
                                solutions[i] = part.get(i - from);
                            }
                        });
        convexity.throwIfFailed();
        List<Solution> all = Arrays.asList(solutions);
        double seconds = 1e-9 * (System.nanoTime() - start);
        meters.solved(programs, plan.name(), all, seconds);
        meters.ran("solve", done, seconds);
        String id = null;
        if (retain) {
            List<@Nullable Point> points = new ArrayList<>();
            all.forEach(s -> points.add(s.point()));
            Solved solved =
                    new Solved(points, optimal(all, programs, options), convexity.definite());
            id = retained.retain(options.tenant(), new RetainedSolves.Continuous(programs, solved));
        }
        return new Answer(id, plan.name(), reason(plan, done.climbs()), all, seconds);
    }

    /** Which solutions a backward pass can take as they are. */
    private static boolean[] optimal(
            List<Solution> solutions, Programs programs, SolveOptions options) {
        boolean[] optimal = new boolean[solutions.size()];
        boolean exact =
                programs.integers().length == 0 && options.tolerance() <= BackwardPass.NO_SOLUTION;
        for (int i = 0; i < optimal.length; i++) {
            optimal[i] = exact && solutions.get(i).status() == Status.OPTIMAL;
        }
        return optimal;
    }

    /** Whether there is no time left for what waits, or nobody waits for it. */
    private static BooleanSupplier isOver(SolveOptions options, Chunk<LadderSession> chunk) {
        return () -> chunk.limits(options).get().isOver();
    }

    static String reason(Plan plan, int climbs) {
        if (climbs == 0) {
            return plan.reason();
        }
        String others =
                String.join(", ", plan.ladder().stream().skip(1).map(Solver::name).toList());
        return plan.reason()
                + "; "
                + climbs
                + " solves with a numerical error were tried again with "
                + others;
    }

    private static List<Solution> solve(
            List<Program> programs,
            List<@Nullable WarmStart> warm,
            SolveOptions options,
            Chunk<LadderSession> chunk) {
        if (options.isOver()) {
            return Collections.nCopies(
                    programs.size(),
                    Solution.failed(
                            Status.TIME_LIMIT,
                            0,
                            "the deadline of the request passed before this instance was begun"));
        }
        try {
            return chunk.get().solveAll(programs, warm, chunk.limits(options));
        } catch (RuntimeException e) {
            if (programs.size() > 1) {
                return oneByOne(programs, warm, options, chunk);
            }
            LOG.error("a solve failed unexpectedly", e);
            return List.of(
                    Solution.failed(
                            Status.NUMERICAL_ERROR,
                            0,
                            "internal error in the solver; it has been logged"));
        }
    }

    /** Where one of several programs made the solver fail, the others still get their answers. */
    private static List<Solution> oneByOne(
            List<Program> programs,
            List<@Nullable WarmStart> warm,
            SolveOptions options,
            Chunk<LadderSession> chunk) {
        List<Solution> solutions = new ArrayList<>();
        for (int i = 0; i < programs.size(); i++) {
            solutions.addAll(
                    solve(programs.subList(i, i + 1), warm.subList(i, i + 1), options, chunk));
        }
        return solutions;
    }

    public Solvers solvers() {
        return solvers;
    }

    /** Sessions of a plan, as {@link Workers} open them. */
    Workers.Opening<LadderSession> opening(Plan plan) {
        return new Workers.Opening<>(plan.width(), () -> new LadderSession(plan, referees));
    }

    Workers workers() {
        return workers;
    }
}
