package io.argmind.dispatch;

import io.argmind.lpgd.linear.LinearBackward;
import io.argmind.lpgd.linear.LinearBatch;
import io.argmind.lpgd.linear.LinearGradients;
import io.argmind.lpgd.linear.LinearSettings;
import io.argmind.lpgd.linear.Noise;
import io.argmind.lpgd.linear.NoisySolves;
import io.argmind.lpgd.linear.Proximal;
import io.argmind.problem.discrete.Discrete;
import io.argmind.problem.discrete.DiscretePrograms;
import io.argmind.solution.discrete.DiscreteSolution;
import io.argmind.solver.OracleLadder;
import io.argmind.solver.OraclePlan;
import io.argmind.solver.Oracles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Solves and differentiates batches of combinatorial problems. */
public final class DiscreteService {
    private final Oracles oracles;
    private final Workers workers;
    private final RetainedSolves retained;
    private final ServiceMeters meters;

    public DiscreteService(
            Oracles oracles, Workers workers, RetainedSolves retained, ServiceMeters meters) {
        this.oracles = oracles;
        this.workers = workers;
        this.retained = retained;
        this.meters = meters;
    }

    /**
     * The answer for a batch.
     *
     * @param id where the solve is retained; null if it is not
     * @param solutions [size]
     * @param smoothed [size] the mean of the noisy minima; null without noise
     */
    public record Answer(
            @Nullable String id,
            String solver,
            String reason,
            List<DiscreteSolution> solutions,
            double @Nullable [] smoothed,
            double seconds) {}

    /** The gradients of a batch. */
    public record BackwardAnswer(
            LinearGradients gradients, String solver, String reason, double seconds) {}

    /**
     * Solves every instance, at its costs or, with noise, on the average over noisy costs.
     *
     * @throws io.argmind.problem.InvalidProblemException if the solver cannot take the set
     * @throws DeadlineExceededException if the deadline passed before any instance was begun
     */
    public Answer solve(
            DiscretePrograms programs,
            String solverName,
            SolveOptions options,
            @Nullable Noise noise,
            boolean retain) {
        long start = System.nanoTime();
        OraclePlan plan = plan(programs, solverName);
        OracleRun run = new OracleRun(workers, opening(plan, programs.set()), options);
        double[] smoothed = noise == null ? null : new double[programs.size()];
        List<DiscreteSolution> solutions =
                noise == null || smoothed == null
                        ? solve(programs, run)
                        : means(programs, noise, run, smoothed);
        double seconds = 1e-9 * (System.nanoTime() - start);
        meters.solved(programs, plan.name(), solutions, seconds);
        meters.ran("solve", run.done(), seconds);
        String id = null;
        if (retain) {
            List<double @Nullable []> x = new ArrayList<>();
            solutions.forEach(s -> x.add(s.x()));
            id =
                    retained.retain(
                            options.tenant(), new RetainedSolves.Combinatorial(programs, x, noise));
        }
        String reason = reason(plan, run.done().climbs());
        return new Answer(id, plan.name(), reason, solutions, smoothed, seconds);
    }

    /** A batch of none needs nobody, and its set may be unknown. */
    private OraclePlan plan(DiscretePrograms programs, String solverName) {
        boolean nothing = programs.size() == 0 && programs.n() == 0;
        return nothing
                ? new OraclePlan(
                        oracles.all().stream()
                                .filter(o -> o.kinds().contains(programs.set().kind()))
                                .limit(1)
                                .toList(),
                        "an empty batch")
                : oracles.plan(solverName, programs.set());
    }

    private static List<DiscreteSolution> solve(DiscretePrograms programs, OracleRun run) {
        return run.forEach(programs.size(), (i, chunk) -> run.solve(programs.cost(i), chunk));
    }

    private static List<DiscreteSolution> means(
            DiscretePrograms programs, Noise noise, OracleRun run, double[] smoothed) {
        List<double @Nullable []> nobody = Collections.nCopies(programs.size(), null);
        List<NoisySolves.Mean> means = NoisySolves.means(batch(programs, nobody), noise, run);
        List<DiscreteSolution> solutions = new ArrayList<>();
        for (int i = 0; i < means.size(); i++) {
            NoisySolves.Mean mean = means.get(i);
            smoothed[i] = mean.smoothed();
            solutions.add(solution(mean));
        }
        return solutions;
    }

    /** A mean in the form of a solution, though it need not be in the set. */
    static DiscreteSolution solution(NoisySolves.Mean mean) {
        return new DiscreteSolution(
                mean.status(),
                mean.x(),
                mean.objective(),
                mean.violation(),
                mean.gap(),
                mean.iterations(),
                mean.detail());
    }

    /**
     * Differentiates every instance.
     *
     * @param solutions [size] x* of each instance, null where there is none
     * @param upstreamX [size, n]
     * @param upstreamObjective [size]
     * @throws io.argmind.problem.InvalidProblemException if the solver cannot take the set
     * @throws DeadlineExceededException if the deadline passed before any instance was begun
     */
    public BackwardAnswer differentiate(
            DiscretePrograms programs,
            List<double @Nullable []> solutions,
            double @Nullable [] upstreamX,
            double @Nullable [] upstreamObjective,
            LinearSettings settings,
            String solverName,
            SolveOptions options) {
        long start = System.nanoTime();
        LinearBackward pass =
                new LinearBackward(
                        batch(programs, solutions), upstreamX, upstreamObjective, settings);
        boolean solves = pass.solves();
        OraclePlan plan =
                solves
                        ? oracles.plan(solverName, programs.set())
                        : new OraclePlan(List.of(), BackwardService.NOTHING);
        OracleRun run = new OracleRun(workers, opening(plan, programs.set()), options);
        BackwardAnswer answer =
                run.differentiate(
                        pass,
                        solves ? plan.name() : BackwardService.NONE,
                        climbs -> reason(plan, climbs),
                        start);
        meters.differentiated(programs, answer);
        meters.ran("lpgd-backward", run.done(), answer.seconds());
        return answer;
    }

    private static LinearBatch batch(
            DiscretePrograms programs, List<double @Nullable []> solutions) {
        return new LinearBatch(
                programs.n(),
                programs::cost,
                solutions,
                programs.set().kind().isPath(),
                proximal(programs.set()));
    }

    /** What the proximal term is on a set. */
    public static Proximal proximal(Discrete set) {
        return switch (set) {
            case Discrete.Ranking s -> Proximal.EQUAL_NORMS;
            case Discrete.MinCostFlow s ->
                    Arrays.stream(s.capacity()).allMatch(c -> c <= 1)
                            ? Proximal.BINARY
                            : Proximal.QUADRATIC;
            case Discrete.ShortestPath s -> Proximal.BINARY;
            case Discrete.GridShortestPath s -> Proximal.BINARY;
            case Discrete.Assignment s -> Proximal.BINARY;
            case Discrete.Matching s -> Proximal.BINARY;
            case Discrete.SpanningTree s -> Proximal.BINARY;
            case Discrete.Tour s -> Proximal.BINARY;
            case Discrete.Knapsack s -> Proximal.BINARY;
            case Discrete.TopK s -> Proximal.BINARY;
        };
    }

    private static String reason(OraclePlan plan, int climbs) {
        if (climbs == 0) {
            return plan.reason();
        }
        return plan.reason()
                + "; "
                + climbs
                + " solves with a numerical error were tried again with "
                + plan.ladder().stream()
                        .skip(1)
                        .map(oracle -> oracle.name())
                        .collect(Collectors.joining(", "));
    }

    /** Sessions of a plan, as {@link Workers} open them. */
    private static Workers.Opening<OracleLadder> opening(OraclePlan plan, Discrete set) {
        return new Workers.Opening<>(1, () -> new OracleLadder(plan, set));
    }
}
