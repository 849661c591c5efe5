package io.argmind.lpgd;

import io.argmind.linalg.Vectors;
import io.argmind.lpgd.LagrangianDifference.End;
import io.argmind.problem.Program;
import io.argmind.solution.Residuals;
import io.argmind.solution.Solution;
import io.argmind.solution.Solution.Point;
import io.argmind.solution.Status;
import io.argmind.solver.LadderSession;
import io.argmind.solver.Limits;
import io.argmind.solver.WarmStart;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lagrangian proximal gradient descent for one instance (Paulus, Martius, Musil 2024): solve the
 * program with its linear terms moved along the upstream gradient, and difference the Lagrangian's
 * gradients at the two solutions.
 */
final class Lpgd {
    private static final int HALVINGS = 3;

    private final Program program;
    private final Point star;
    private final Upstream g;
    private final LpgdSettings settings;
    private final Perturbation perturbation;
    private final LadderSession session;
    private final Supplier<Limits> limits;
    private long iterations;

    Lpgd(
            Program program,
            Point star,
            Upstream g,
            LpgdSettings settings,
            LadderSession session,
            Supplier<Limits> limits) {
        this.program = program;
        this.star = star;
        this.g = g;
        this.settings = settings;
        this.session = session;
        this.limits = limits;
        this.perturbation = new Perturbation(program, star, g, settings.rho());
    }

    /** The two perturbed solutions at one tau; a side that was not asked for or failed is null. */
    private record Sides(double tau, @Nullable Solution lower, @Nullable Solution upper) {
        int count() {
            return (lower == null ? 0 : 1) + (upper == null ? 0 : 1);
        }
    }

    /**
     * Differentiates.
     *
     * @param tau the strength of the perturbation, or NaN to choose it
     */
    InstanceGradient differentiate(double tau) {
        double first =
                Double.isNaN(tau)
                        ? TauRule.choose(program, star, perturbation.costDirection(), g)
                        : tau;
        int wanted = settings.envelope() == Envelope.AVERAGE ? 2 : 1;
        Sides best = new Sides(first, null, null);
        for (int k = 0;
                k <= HALVINGS && best.count() < wanted && !(k > 0 && limits.get().isOver());
                k++) {
            Sides sides = solveSides(first / (1 << k));
            best = sides.count() > best.count() ? sides : best;
        }
        InstanceGradient out = InstanceGradient.zero(program);
        out.tau = best.tau;
        out.iterations = iterations;
        if (best.count() == 0) {
            out.status = BackwardStatus.SOLVER_FAILED;
            return out;
        }
        out.status = best.count() < wanted ? BackwardStatus.ONE_SIDED : BackwardStatus.OK;
        difference(out, best);
        return out;
    }

    private Sides solveSides(double tau) {
        Solution lower = null;
        Solution upper = null;
        boolean started = false;
        if (settings.envelope() != Envelope.UPPER) {
            lower = solve(tau, started);
            started = true;
        }
        if (settings.envelope() != Envelope.LOWER) {
            upper = solve(-tau, started);
        }
        return new Sides(tau, lower, upper);
    }

    private @Nullable Solution solve(double sigma, boolean goOn) {
        Program perturbed = perturbation.at(sigma);
        Solution solution =
                goOn
                        ? session.resolve(perturbed, limits.get())
                        : session.solve(
                                perturbed,
                                new WarmStart(star.x(), star.y(), star.z(), star.zBox()),
                                limits.get());
        iterations += solution.iterations();
        // an unfinished search in integers is a guess; an unfinished continuous solve has a point
        // and multipliers of nothing
        boolean usable =
                program.hasIntegers()
                        ? solution.status().hasSolution()
                        : solution.status() == Status.OPTIMAL;
        return usable ? solution : null;
    }

    private void difference(InstanceGradient out, Sides sides) {
        End zero = End.of(star);
        End lower = end(sides.lower, sides.tau);
        End upper = end(sides.upper, -sides.tau);
        double den = sides.count() == 2 ? 2 * sides.tau : sides.tau;
        LagrangianDifference.add(
                out, program, lower == null ? zero : lower, upper == null ? zero : upper, den);
        double error = 0;
        if (sides.count() < 2) {
            Residuals r = Residuals.of(program, star.x(), star.y(), star.z(), star.zBox());
            error = program.hasIntegers() ? r.primal() : Math.max(r.primal(), r.dual());
        }
        for (Solution side : new Solution[] {sides.lower, sides.upper}) {
            if (side != null) {
                Residuals r = Objects.requireNonNull(side.residuals());
                error +=
                        side.status() == Status.OPTIMAL
                                ? Math.max(r.primal(), r.dual())
                                : Double.NaN;
                Point point = Objects.requireNonNull(side.point());
                out.displacement =
                        Math.max(
                                out.displacement,
                                Vectors.norm2(Vectors.minus(point.x(), star.x())));
            }
        }
        out.noise = error / den;
        out.lowerX = lower == null ? null : lower.x();
        out.upperX = upper == null ? null : upper.x();
    }

    private @Nullable End end(@Nullable Solution side, double sigma) {
        if (side == null) {
            return null;
        }
        Point point = Objects.requireNonNull(side.point());
        return new End(point.x(), point.y(), perturbation.multipliers(point, sigma), point.zBox());
    }
}
