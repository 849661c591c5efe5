package io.argmind.dispatch;

import io.argmind.lpgd.linear.LinearBackward;
import io.argmind.lpgd.linear.LinearBatch;
import io.argmind.lpgd.linear.LinearSettings;
import io.argmind.lpgd.linear.Noise;
import io.argmind.lpgd.linear.NoisySolves;
import io.argmind.lpgd.linear.Proximal;
import io.argmind.problem.Program;
import io.argmind.problem.Programs;
import io.argmind.solution.discrete.DiscreteSolution;
import io.argmind.solver.LadderSession;
import io.argmind.solver.Plan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Programs with linear objectives as perturbed optimizers: solved and differentiated by c over
 * noise on c, as combinatorial problems are.
 */
public final class NoisyService {
    private final SolveService solves;
    private final RetainedSolves retained;
    private final ServiceMeters meters;

    public NoisyService(SolveService solves, RetainedSolves retained, ServiceMeters meters) {
        this.solves = solves;
        this.retained = retained;
        this.meters = meters;
    }

    /**
     * The mean of every instance's solutions over noisy costs.
     *
     * @param programs with linear objectives
     * @throws io.argmind.problem.InvalidProblemException if the solver cannot take the programs
     * @throws DeadlineExceededException if the deadline passed before any instance was begun
     */
    public DiscreteService.Answer solve(
            Programs programs,
            String solverName,
            SolveOptions options,
            Noise noise,
            boolean retain) {
        long start = System.nanoTime();
        Plan plan = plan(programs, solverName, noise);
        ProgramRun run = run(plan, programs, options);
        List<double @Nullable []> nobody = Collections.nCopies(programs.size(), null);
        List<NoisySolves.Mean> means = NoisySolves.means(batch(programs, nobody), noise, run);
        List<DiscreteSolution> solutions = means.stream().map(DiscreteService::solution).toList();
        double seconds = 1e-9 * (System.nanoTime() - start);
        meters.solvedWithNoise(programs, plan.name(), solutions, seconds);
        meters.ran("solve", run.done(), seconds);
        String id = null;
        if (retain) {
            List<double @Nullable []> x = new ArrayList<>();
            solutions.forEach(s -> x.add(s.x()));
            id = retained.retain(options.tenant(), new RetainedSolves.Noisy(programs, x, noise));
        }
        return new DiscreteService.Answer(
                id,
                plan.name(),
                SolveService.reason(plan, run.done().climbs()),
                solutions,
                means.stream().mapToDouble(NoisySolves.Mean::smoothed).toArray(),
                seconds);
    }

    /**
     * Differentiates every instance by c.
     *
     * @param programs with linear objectives
     * @param solutions [size] the means or the solutions, null where there is none
     * @param upstreamX [size, n]
     * @param upstreamObjective [size]
     * @throws io.argmind.problem.InvalidProblemException if the solver cannot take the programs
     * @throws DeadlineExceededException if the deadline passed before any instance was begun
     */
    public DiscreteService.BackwardAnswer differentiate(
            Programs programs,
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
        Plan plan =
                pass.solves()
                        ? plan(programs, solverName, settings.noise())
                        : new Plan(List.of(), BackwardService.NOTHING);
        ProgramRun run = run(plan, programs, options);
        DiscreteService.BackwardAnswer answer =
                run.differentiate(
                        pass,
                        pass.solves() ? plan.name() : BackwardService.NONE,
                        climbs -> SolveService.reason(plan, climbs),
                        start);
        meters.differentiatedWithNoise(programs, answer);
        meters.ran("lpgd-backward", run.done(), answer.seconds());
        return answer;
    }

    private ProgramRun run(Plan plan, Programs programs, SolveOptions options) {
        // a piece is some samples of one instance, whatever the back-end's width
        Workers.Opening<LadderSession> opening =
                new Workers.Opening<>(1, solves.opening(plan).open());
        return new ProgramRun(solves.workers(), opening, programs, options);
    }

    /** By the costs of the first samples: what one back-end cannot take may depend on them. */
    private Plan plan(Programs programs, String solverName, @Nullable Noise noise) {
        List<Program> first =
                IntStream.range(0, programs.size())
                        .mapToObj(i -> noisy(programs.instance(i), noise, i))
                        .toList();
        return solves.solvers().plan(solverName, programs.problemClass(), first);
    }

    private static Program noisy(Program program, @Nullable Noise noise, int instance) {
        return noise == null ? program : program.withCost(noise.costsOf(instance, 0, program.c()));
    }

    private static LinearBatch batch(Programs programs, List<double @Nullable []> solutions) {
        return new LinearBatch(
                programs.n(), i -> programs.c().of(i), solutions, false, Proximal.QUADRATIC);
    }
}
