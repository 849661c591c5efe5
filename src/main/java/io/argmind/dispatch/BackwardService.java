package io.argmind.dispatch;

import io.argmind.lpgd.BackwardPass;
import io.argmind.lpgd.Gradients;
import io.argmind.problem.ProblemClass;
import io.argmind.problem.Program;
import io.argmind.problem.Programs;
import io.argmind.solver.LadderSession;
import io.argmind.solver.Plan;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Differentiates batches with the same solvers and threads that solve them. */
public final class BackwardService {
    private static final Logger LOG = LoggerFactory.getLogger(BackwardService.class);

    /** The solver's name in the answer where no program had to be solved. */
    static final String NONE = "none";

    /** The reason for that. */
    static final String NOTHING = "no program had to be solved";

    private final SolveService solves;
    private final ServiceMeters meters;

    public BackwardService(SolveService solves, ServiceMeters meters) {
        this.solves = solves;
        this.meters = meters;
    }

    /** The answer for a batch. */
    public record Answer(Gradients gradients, String solver, String reason, double seconds) {}

    /**
     * Differentiates every instance.
     *
     * @throws io.argmind.problem.InvalidProblemException if the solver cannot take the perturbed
     *     programs
     * @throws DeadlineExceededException if the deadline passed before any instance was begun
     */
    public Answer differentiate(
            BackwardPass pass, Programs programs, String solverName, SolveOptions options) {
        long start = System.nanoTime();
        List<Program> perturbed = pass.perturbedPrograms();
        Plan plan = perturbed.isEmpty() ? planWithoutSolves(pass) : plan(perturbed, solverName);
        Workers.Done done =
                solves.workers()
                        .forEach(
                                options,
                                programs.size(),
                                solves.opening(plan),
                                (from, to, chunk) -> differentiate(pass, from, to, chunk, options));
        Gradients gradients = pass.gradients();
        double seconds = 1e-9 * (System.nanoTime() - start);
        String solver = perturbed.isEmpty() ? NONE : plan.name();
        meters.differentiated(programs, solver, gradients, seconds);
        meters.ran("lpgd-backward", done, seconds);
        String reason = perturbed.isEmpty() ? NOTHING : SolveService.reason(plan, done.climbs());
        return new Answer(gradients, solver, reason, seconds);
    }

    private Plan planWithoutSolves(BackwardPass pass) {
        return pass.linearized()
                .map(program -> new Plan(solves.solvers().directionsOf(program), NOTHING))
                .orElse(new Plan(List.of(), NOTHING));
    }

    private Plan plan(List<Program> perturbed, String solverName) {
        ProblemClass hardest =
                perturbed.stream()
                        .map(Program::problemClass)
                        .filter(ProblemClass::isQuadratic)
                        .findFirst()
                        .orElse(perturbed.getFirst().problemClass());
        return solves.solvers().plan(solverName, hardest, perturbed);
    }

    private static void differentiate(
            BackwardPass pass, int from, int to, Chunk<LadderSession> chunk, SolveOptions options) {
        try {
            pass.differentiate(from, to, chunk, chunk.limits(options));
        } catch (RuntimeException e) {
            if (to - from > 1) {
                for (int i = from; i < to; i++) {
                    differentiate(pass, i, i + 1, chunk, options);
                }
            } else {
                LOG.error("a backward pass failed unexpectedly", e);
                pass.fail(from);
            }
        }
    }
}
