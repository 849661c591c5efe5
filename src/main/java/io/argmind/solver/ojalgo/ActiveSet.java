package io.argmind.solver.ojalgo;

import io.argmind.linalg.Vectors;
import io.argmind.problem.Program;
import io.argmind.solution.Certificate;
import io.argmind.solution.CertificateCheck;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.solution.Verifier;
import io.argmind.solver.WarmStart;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.ojalgo.array.ArrayR064;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.structure.Access1D;

/**
 * ojAlgo's direct active set on strictly convex neighbours of the program: proximal steps x+ =
 * argmin f(x) + delta/2 |x - x_k|^2.
 *
 * <p>On programs with singular P the active set cycles, fails, or calls unbounded ones optimal.
 * With delta added to the diagonal it does not, and since the first step usually has the active set
 * of the optimum, the verifier's Newton step removes what delta moved: most programs need one step.
 * Where the program is unbounded the steps become a ray. (R. T. Rockafellar, Monotone operators and
 * the proximal point algorithm, 1976.)
 */
final class ActiveSet {
    private static final int MOST_STEPS = 20;

    private final Program program;
    private final Run run;
    private final Best best;
    private final QpRows rows;
    private final double delta;
    private final long mostIterations;

    ActiveSet(Program program, Run run, Best best, QpRows rows, double delta) {
        this.program = program;
        this.run = run;
        this.best = best;
        this.rows = rows;
        this.delta = delta;
        this.mostIterations = 500 + 20L * (program.n() + rows.equalities() + rows.inequalities());
    }

    /** A verdict, or null if there is none. */
    @Nullable Claim solve(@Nullable WarmStart warm) {
        Equalities equalities = Equalities.independent(program, rows);
        if (equalities.contradiction() != null) {
            return Claim.certified(Status.INFEASIBLE, equalities.contradiction(), 0);
        }
        QpRows independent = equalities.rows();
        double[] x = warm == null ? new double[program.n()] : warm.x();
        boolean feasible = warm != null && Verifier.isFeasible(program, x, 1e-10);
        for (int step = 0; step < MOST_STEPS && !run.isOver(); step++) {
            Optimisation.Result result = step(independent, x, feasible);
            if (result.getState() == Optimisation.State.INFEASIBLE && step == 0) {
                return run.isOver() ? null : Claim.none(Status.INFEASIBLE, 0, null);
            }
            if (result.getState().isFailure()) {
                return null;
            }
            Access1D<?> dual = result.getDualSolution().map(Supplier::get).orElse(null);
            double[] next = independent.readPoint(result);
            Claim claim =
                    best.offer(
                            next, independent.readDuals(dual == null ? ArrayR064.make(1) : dual));
            claim = claim == null && step > 0 ? descent(Vectors.minus(next, x)) : claim;
            if (claim != null || !Vectors.allFinite(next)) {
                return claim;
            }
            x = next;
            feasible = true;
        }
        return null;
    }

    /**
     * The state of a kick-start must not be OPTIMAL, or ojAlgo hands the point back as the answer.
     * FEASIBLE lets the active set begin there, without a linear program first, and is believed:
     * the point must be feasible.
     */
    private Optimisation.Result step(QpRows independent, double[] x, boolean feasible) {
        Optimisation.Options options = run.phase(mostIterations);
        options.sparse =
                false; // the direct method; the iterative one is slower and has wrong duals
        Optimisation.Result start =
                feasible
                        ? Optimisation.Result.of(
                                0, Optimisation.State.FEASIBLE, independent.writePoint(x))
                        : null;
        return independent.builder(delta, x).build(options).solve(start);
    }

    private @Nullable Claim descent(double[] direction) {
        double size = Vectors.normInf(direction);
        if (!(size > 0) || !Double.isFinite(size)) {
            return null;
        }
        double[] d = new double[direction.length];
        Vectors.addTimes(1 / size, direction, d);
        Certificate.Ray ray = new Certificate.Ray(d);
        return CertificateCheck.holds(program, ray)
                ? Claim.certified(Status.UNBOUNDED, ray, 0)
                : null;
    }
}
