package io.argmind.solver.interior.cone;

import io.argmind.linalg.LdlCache;
import io.argmind.linalg.WorkingMemory;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Solves one conic program at a time. Holds nothing but the cache of analyses, which any number of
 * threads may share; every solve has a workspace of its own.
 */
public final class ConicSolver {
    /** The precision of the programs that certify. */
    private static final double PROOF = 1e-10;

    private final LdlCache cache;
    private final WorkingMemory memory;

    /**
     * A solver on a cache of analyses.
     *
     * @param cache finds the analysis of patterns that were seen before
     * @param memory what factorizations may take together
     */
    public ConicSolver(LdlCache cache, WorkingMemory memory) {
        this.cache = cache;
        this.memory = memory;
    }

    /**
     * Solves a program.
     *
     * @param warm a guess of the optimum that need not be feasible or inside the cones, or null;
     *     where it leads nowhere the solve starts again without it
     * @param cancelled asked in every iteration, and before the first one; true ends the solve
     * @return the answer; never fails for numerical reasons otherwise than by its status
     * @throws io.argmind.linalg.NotEnoughMemoryException if the factorization does not fit
     * @throws io.argmind.linalg.StoppedException if it was cancelled, or its time was over, before
     *     the first iteration
     */
    public ConicResult solve(
            ConicProgram program,
            ConicSettings settings,
            @Nullable ConicPoint warm,
            BooleanSupplier cancelled) {
        Attempt attempt = attempt(program, settings, warm, cancelled, true, false);
        if (attempt.result.status() != ConicStatus.NUMERICAL_ERROR) {
            return attempt.result;
        }
        ConicResult proof = proof(program, settings, cancelled);
        if (proof != null) {
            return proof;
        }
        ConicResult first = attempt.result;
        ConicResult second = attempt(program, settings, null, cancelled, false, true).result;
        boolean better = attempt.diverges || second.worst() < first.worst();
        return second.status() != ConicStatus.NUMERICAL_ERROR || better ? second : first;
    }

    /** Why there is no optimum, or null if nothing is found that would say so. */
    private @Nullable ConicResult proof(
            ConicProgram program, ConicSettings settings, BooleanSupplier cancelled) {
        ConicSettings precise = settings.to(PROOF);
        Elastic elastic = new Elastic(program);
        ConicResult relaxed =
                attempt(elastic.relaxed(), precise, null, cancelled, false, false).result;
        ConicPoint duals = elastic.proof(relaxed.point());
        if (Certifying.provesInfeasible(program, duals)) {
            return new ConicResult(
                    ConicStatus.INFEASIBLE,
                    duals,
                    relaxed.iterations(),
                    relaxed.primal(),
                    relaxed.dual(),
                    relaxed.gap());
        }
        ConicResult recession =
                attempt(Certifying.recession(program), precise, null, cancelled, false, false)
                        .result;
        return Certifying.ray(program, recession);
    }

    /** A result, and whether the solve stopped because the iterates tell of a certificate. */
    private record Attempt(ConicResult result, boolean diverges) {}

    private Attempt attempt(
            ConicProgram program,
            ConicSettings settings,
            @Nullable ConicPoint warm,
            BooleanSupplier cancelled,
            boolean watchful,
            boolean careful) {
        StandardForm form = new StandardForm(program);
        Equilibration scaling = new Equilibration(form);
        BooleanSupplier stopped = () -> cancelled.getAsBoolean() || settings.isLate();
        try (WorkingMemory.Share share = memory.open(stopped)) {
            KktSystem kkt = new KktSystem(form, cache, share, stopped);
            kkt.careful = careful;
            if (warm != null) {
                InteriorPoint run = new InteriorPoint(form, scaling, kkt, settings, cancelled);
                run.watchful = watchful;
                if (startWarm(kkt, run, form, scaling, warm)) {
                    ConicStatus status = run.run();
                    if (status != ConicStatus.NUMERICAL_ERROR || run.diverges) {
                        return new Attempt(result(status, run, form, scaling), run.diverges);
                    }
                }
            }
            InteriorPoint run = new InteriorPoint(form, scaling, kkt, settings, cancelled);
            run.watchful = watchful;
            new StartingPoint(form, kkt, run.v).cold();
            return new Attempt(result(run.run(), run, form, scaling), run.diverges);
        }
    }

    private static boolean startWarm(
            KktSystem kkt,
            InteriorPoint run,
            StandardForm form,
            Equilibration scaling,
            ConicPoint warm) {
        form.duals(warm, run.v.z);
        for (int i = 0; i < form.m; i++) {
            run.v.z[i] *= scaling.f / scaling.e[i];
        }
        for (int j = 0; j < form.n; j++) {
            run.v.x[j] = warm.x()[j] / scaling.d[j];
        }
        return new StartingPoint(form, kkt, run.v).warm();
    }

    private static ConicResult result(
            ConicStatus status, InteriorPoint run, StandardForm form, Equilibration scaling) {
        boolean proof = status == ConicStatus.INFEASIBLE || status == ConicStatus.UNBOUNDED;
        double[] x = new double[form.n];
        double[] z = new double[form.m];
        double unit = proof ? 1 : run.v.tau;
        for (int j = 0; j < form.n && status != ConicStatus.INFEASIBLE; j++) {
            x[j] = run.v.x[j] * scaling.d[j] / unit;
        }
        for (int i = 0; i < form.m && status != ConicStatus.UNBOUNDED; i++) {
            z[i] = run.v.z[i] * scaling.e[i] / (scaling.f * unit);
        }
        if (proof) {
            normalize(x, z);
        }
        return new ConicResult(
                status, form.point(x, z), run.iterations, run.primal, run.dual, run.gap);
    }

    private static void normalize(double[]... vectors) {
        double most = 0;
        for (double[] vector : vectors) {
            for (double v : vector) {
                most = Math.max(most, Math.abs(v));
            }
        }
        for (double[] vector : vectors) {
            for (int i = 0; i < vector.length; i++) {
                vector[i] /= most;
            }
        }
    }
}
