package io.argmind.lpgd.linear;

import io.argmind.linalg.Vectors;
import io.argmind.lpgd.BackwardStatus;
import io.argmind.lpgd.Envelope;
import io.argmind.solution.Status;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * LPGD for a linear objective: {@code x_s = argmin <c + s tau g, x> + rho/2 ||x - x*||^2} at s = +1
 * (lower), s = -1 (upper), and the difference quotient of the two, or of one and x*. When a side
 * has no solution, half of tau is tried, three times.
 */
final class EnvelopeDifference {
    private static final int HALVINGS = 3;

    private final LinearOracle oracle;
    private final LinearBatch batch;
    private final int instance;
    private final double[] cost;
    private final boolean nonnegative;
    private final double[] g;
    private final LinearSettings settings;
    private final Difference out;
    private double starError; // of x*, where it was solved for here

    /**
     * @param cost [n] to perturb: those that were sent, perhaps with noise
     * @param g [n] the upstream gradient
     */
    EnvelopeDifference(
            LinearOracle oracle,
            LinearBatch batch,
            int instance,
            double[] cost,
            double[] g,
            LinearSettings settings) {
        this.oracle = oracle;
        this.batch = batch;
        this.instance = instance;
        this.cost = cost;
        this.nonnegative = mayClamp(batch, instance);
        this.g = g;
        this.settings = settings;
        this.out = new Difference(batch.n());
    }

    private static boolean isNonnegative(double[] cost) {
        for (double c : cost) {
            if (c < 0) {
                return false;
            }
        }
        return true;
    }

    /** Two perturbed solutions at one tau; a side that was not asked for or failed is null. */
    private record Sides(double tau, @Nullable Minimum lower, @Nullable Minimum upper) {
        int count() {
            return (lower == null ? 0 : 1) + (upper == null ? 0 : 1);
        }
    }

    /**
     * The gradient.
     *
     * @param known the solution at the costs to perturb, null if nobody has it
     */
    Difference differentiate(double tau, double @Nullable [] known) {
        boolean both = settings.envelope() == Envelope.AVERAGE;
        double[] star = known != null || (both && settings.rho() == 0) ? known : solveHere();
        if (star == null && (!both || settings.rho() > 0)) {
            return failed(tau);
        }
        int wanted = both ? 2 : 1;
        Sides best = new Sides(tau, null, null);
        for (int k = 0; k <= HALVINGS && best.count() < wanted; k++) {
            if (k > 0 && oracle.isOver()) {
                break;
            }
            Sides sides = sides(tau / (1 << k), star);
            best = sides.count() > best.count() ? sides : best;
        }
        if (best.count() < wanted && star == null) {
            star = solveHere();
        }
        if (best.count() == 0 || (best.count() < wanted && star == null)) {
            return failed(best.tau);
        }
        out.status = best.count() < wanted ? BackwardStatus.ONE_SIDED : BackwardStatus.OK;
        difference(best, star);
        return out;
    }

    private Difference failed(double tau) {
        out.status = BackwardStatus.SOLVER_FAILED;
        out.tau = tau;
        return out;
    }

    private double @Nullable [] solveHere() {
        Minimum here = solve(cost);
        starError = here.error();
        return usable(here) == null ? null : here.x();
    }

    private Sides sides(double tau, double @Nullable [] star) {
        Envelope envelope = settings.envelope();
        return new Sides(
                tau,
                envelope == Envelope.UPPER ? null : usable(solve(moved(tau, star))),
                envelope == Envelope.LOWER ? null : usable(solve(moved(-tau, star))));
    }

    private double[] moved(double sigma, double @Nullable [] star) {
        double[] perturbed = cost.clone();
        Vectors.addTimes(sigma, g, perturbed);
        if (settings.rho() > 0) {
            batch.proximal().addTo(perturbed, Objects.requireNonNull(star), settings.rho());
        }
        return perturbed;
    }

    private Minimum solve(double[] perturbed) {
        Minimum minimum = clamped(oracle, instance, perturbed, nonnegative);
        out.iterations += minimum.iterations();
        out.clamped |= minimum.clamped();
        return minimum;
    }

    /** An unfinished search is a guess, which is better than nothing. */
    private static @Nullable Minimum usable(Minimum minimum) {
        return minimum.status().hasSolution() ? minimum : null;
    }

    /**
     * Minimizes; where perturbed costs of a shortest path that had no negative ones have no
     * minimum, they are clamped at 0, as the reference implementation of blackbox differentiation
     * does.
     *
     * @param allowed whether they may be
     */
    static Minimum clamped(LinearOracle oracle, int instance, double[] cost, boolean allowed) {
        return orClamped(oracle.minimize(instance, cost), oracle, instance, cost, allowed);
    }

    /** {@link #clamped} of several costs. */
    static List<Minimum> allClamped(
            LinearOracle oracle, int instance, List<double[]> costs, boolean allowed) {
        List<Minimum> minima = oracle.minimizeAll(instance, costs);
        return IntStream.range(0, costs.size())
                .mapToObj(k -> orClamped(minima.get(k), oracle, instance, costs.get(k), allowed))
                .toList();
    }

    private static Minimum orClamped(
            Minimum minimum, LinearOracle oracle, int instance, double[] cost, boolean allowed) {
        if (!allowed || minimum.status() != Status.UNBOUNDED) {
            return minimum;
        }
        double[] nonnegative = cost.clone();
        for (int j = 0; j < nonnegative.length; j++) {
            nonnegative[j] = Math.max(0, nonnegative[j]);
        }
        return oracle.minimize(instance, nonnegative).afterClamping(minimum.iterations());
    }

    /** Whether {@link #clamped} may clamp. */
    static boolean mayClamp(LinearBatch batch, int instance) {
        return batch.clamps() && isNonnegative(batch.cost().apply(instance));
    }

    private void difference(Sides sides, double @Nullable [] star) {
        double[] lower = sides.lower == null ? null : sides.lower.x();
        double[] upper = sides.upper == null ? null : sides.upper.x();
        double[] plus = lower == null ? Objects.requireNonNull(star) : lower;
        double[] minus = upper == null ? Objects.requireNonNull(star) : upper;
        double den = sides.count() == 2 ? 2 * sides.tau : sides.tau;
        for (int j = 0; j < plus.length; j++) {
            double change = plus[j] - minus[j];
            out.gradient[j] = change == 0 ? 0 : change / den;
            out.nonzeros += change == 0 ? 0 : 1;
        }
        out.tau = sides.tau;
        double error = sides.count() == 2 ? 0 : starError;
        for (Minimum side : new Minimum[] {sides.lower, sides.upper}) {
            if (side != null) {
                error += side.error();
            }
        }
        out.noise = error / den;
        out.lowerX = lower;
        out.upperX = upper;
        // without x* the two sides show whether anything moved, and how far on the average
        boolean apart = star == null;
        double[] from = apart ? plus : Objects.requireNonNull(star);
        double[] other = apart ? minus : from;
        out.lowerMoved = lower == null ? null : differ(lower, other);
        out.upperMoved = upper == null ? null : differ(upper, from);
        double share = apart ? 0.5 : 1;
        out.displacement =
                share
                        * Math.max(
                                lower == null ? 0 : Vectors.distance(lower, other),
                                upper == null ? 0 : Vectors.distance(upper, from));
    }

    private static boolean differ(double[] a, double[] b) {
        return !Arrays.equals(a, b) && Vectors.distance(a, b) > 0; // zeros have signs
    }
}
