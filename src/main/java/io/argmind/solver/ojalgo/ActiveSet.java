package io.argmind.solver.ojalgo;

import io.argmind.linalg.Vectors;
import io.argmind.problem.Program;
import io.argmind.solution.Certificate;
import io.argmind.solution.CertificateCheck;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.solution.Verifier;
import io.argmind.solver.WarmStart;
import org.jspecify.annotations.Nullable;
import org.ojalgo.optimisation.Optimisation;

/**
 * ojAlgo's direct active set on strictly convex neighbours of the program: proximal steps x+ =
 * argmin f(x) + delta/2 |x - x_k|^2, with delta relative to the largest entry of P.
 *
 * <p>On programs with singular P the active set cycles, fails, or calls unbounded ones optimal.
 * With delta added to the diagonal it does not, and since the first step usually has the active set
 * of the optimum, the verifier's Newton step removes what delta moved: most programs need one step.
 * Where the program is unbounded the steps become a ray. (R. T. Rockafellar, Monotone operators and
 * the proximal point algorithm, 1976.)
 */
final class ActiveSet {
    private static final int MOST_STEPS = 10;

    private final Run run;
    private final Best best;
    private final Scaling scaling;
    private final Program program; // scaled
    private final QpRows rows;
    private final double delta;
    private final long mostIterations;

    ActiveSet(Program program, Scaling scaling, Run run, Best best, double delta) {
        this.run = run;
        this.best = best;
        this.scaling = scaling;
        this.program = scaling.scale(program);
        this.rows = QpRows.all(this.program);
        this.delta = delta * this.program.P().maxAbs();
        this.mostIterations = 100 + 5L * (program.n() + rows.equalities() + rows.inequalities());
    }

    /** A verdict, or null if there is none. */
    @Nullable Claim solve(@Nullable WarmStart warm) {
        Equalities equalities = Equalities.independent(program, rows);
        if (equalities.contradiction() != null) {
            return Claim.certified(
                    Status.INFEASIBLE, scaling.unscale(equalities.contradiction()), 0);
        }
        double[] x = warm == null ? new double[program.n()] : scaling.scale(warm).x();
        boolean feasible = warm != null && Verifier.isFeasible(program, x, 1e-10);
        for (int step = 0; step < MOST_STEPS && !run.isOver(); step++) {
            Optimisation.Result result = step(equalities.rows(), x, feasible);
            if (result.getState() == Optimisation.State.INFEASIBLE && step == 0) {
                return run.isOver() ? null : Claim.none(Status.INFEASIBLE, 0, null);
            }
            Answer answer = equalities.rows().read(result);
            if (result.getState().isFailure() || answer == null || !answer.isFinite()) {
                return null;
            }
            Claim claim = best.offer(answer, scaling, program);
            claim = claim == null && step > 0 ? descent(Vectors.minus(answer.x(), x)) : claim;
            if (claim != null) {
                return claim;
            }
            x = answer.x();
            feasible = true;
        }
        return null;
    }

    private Optimisation.Result step(QpRows independent, double[] x, boolean feasible) {
        Optimisation.Options options = run.phase(mostIterations);
        options.sparse =
                false; // the direct method; the iterative one is slower and has wrong duals
        Optimisation.Result start =
                feasible ? independent.start(new WarmStart(x, null, null, null)) : null;
        return independent.builder(delta, x).build(options).solve(start);
    }

    private @Nullable Claim descent(double[] direction) {
        double size = Vectors.normInf(direction);
        if (!(size > 0) || !Double.isFinite(size)) {
            return null;
        }
        double[] d = new double[direction.length];
        Vectors.addTimes(1 / size, direction, d);
        if (!CertificateCheck.holds(program, new Certificate.Ray(d))) {
            return null;
        }
        for (int j = 0; j < d.length; j++) {
            d[j] *= scaling.col()[j];
        }
        return Claim.certified(Status.UNBOUNDED, new Certificate.Ray(d), 0);
    }
}
