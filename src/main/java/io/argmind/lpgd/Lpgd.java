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
import io.argmind.solver.Line;
import java.util.ArrayList;
import java.util.List;
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
    private final LpgdSettings settings;
    private final Perturbation perturbation;
    private final Line line;
    private final double first; // the tau to begin with
    private Sides best;
    private long iterations;

    /**
     * @param tau the strength of the perturbation, or NaN to choose it
     */
    Lpgd(Program program, Point star, Upstream g, LpgdSettings settings, double tau) {
        this.program = program;
        this.star = star;
        this.settings = settings;
        this.perturbation = new Perturbation(program, star, g, settings.rho());
        this.line = perturbation.line();
        this.first =
                Double.isNaN(tau)
                        ? TauRule.choose(program, star, perturbation.costDirection(), g)
                        : tau;
        this.best = new Sides(first, null, null);
    }

    /** The two perturbed solutions at one tau; a side that was not asked for or failed is null. */
    private record Sides(double tau, @Nullable Solution lower, @Nullable Solution upper) {
        int count() {
            return (lower == null ? 0 : 1) + (upper == null ? 0 : 1);
        }
    }

    /** The first program that will be solved, to choose a solver by. */
    Program firstProgram() {
        return line.at(sigmas(first)[0]);
    }

    private int wanted() {
        return settings.envelope() == Envelope.AVERAGE ? 2 : 1;
    }

    /** Which sides to solve: +tau is the lower envelope's, -tau the upper one's. */
    private double[] sigmas(double tau) {
        return switch (settings.envelope()) {
            case LOWER -> new double[] {tau};
            case UPPER -> new double[] {-tau};
            case AVERAGE -> new double[] {tau, -tau};
        };
    }

    /**
     * Differentiates instances of one batch: the perturbed programs of all of them first, so that a
     * solver can do them side by side, then those again that failed, with half of tau.
     *
     * @param limits of each solve, asked anew for every one
     */
    static void solve(List<Lpgd> all, LadderSession session, Supplier<Limits> limits) {
        List<Lpgd> open = all;
        for (int k = 0; k <= HALVINGS && !open.isEmpty(); k++) {
            if (k > 0 && limits.get().isOver()) {
                return;
            }
            List<Line> lines = new ArrayList<>();
            List<Double> sigmas = new ArrayList<>();
            for (Lpgd one : open) {
                for (double sigma : one.sigmas(one.first / (1 << k))) {
                    lines.add(one.line);
                    sigmas.add(sigma);
                }
            }
            double[] sigma = sigmas.stream().mapToDouble(Double::doubleValue).toArray();
            List<Solution> solutions = session.solveAlong(lines, sigma, limits);
            int at = 0;
            for (Lpgd one : open) {
                one.take(one.first / (1 << k), solutions.subList(at, at + one.wanted()));
                at += one.wanted();
            }
            open = open.stream().filter(one -> one.best.count() < one.wanted()).toList();
        }
    }

    private void take(double tau, List<Solution> solutions) {
        Solution lower = null;
        Solution upper = null;
        double[] sigma = sigmas(tau);
        for (int k = 0; k < sigma.length; k++) {
            Solution solution = solutions.get(k);
            iterations += solution.iterations();
            if (isUsable(solution)) {
                lower = sigma[k] > 0 ? solution : lower;
                upper = sigma[k] < 0 ? solution : upper;
            }
        }
        Sides sides = new Sides(tau, lower, upper);
        best = sides.count() > best.count() ? sides : best;
    }

    /**
     * An unfinished search in integers is a guess; an unfinished continuous solve has a point and
     * multipliers of nothing.
     */
    private boolean isUsable(Solution solution) {
        return program.hasIntegers()
                ? solution.status().hasSolution()
                : solution.status() == Status.OPTIMAL;
    }

    /** The gradient, from what was solved. */
    InstanceGradient gradient() {
        InstanceGradient out = InstanceGradient.zero(program);
        out.tau = best.tau;
        out.iterations = iterations;
        if (best.count() == 0) {
            out.status = BackwardStatus.SOLVER_FAILED;
            return out;
        }
        out.status = best.count() < wanted() ? BackwardStatus.ONE_SIDED : BackwardStatus.OK;
        difference(out, best);
        return out;
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
