package io.argmind.lpgd.linear;

import io.argmind.lpgd.Envelope;
import io.argmind.lpgd.Projection;
import io.argmind.problem.discrete.Discrete;
import io.argmind.solution.Status;
import io.argmind.solver.Selection;
import io.argmind.testkit.EnumerationOracle;
import io.argmind.testkit.Tried;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A batch of costs over a small set, whose elements are all known, differentiated on one thread.
 */
final class Listed implements Parallel {
    private final List<double[]> elements;
    private final List<double[]> costs;
    private Predicate<double[]> fails = cost -> false;
    private Predicate<double[]> unbounded = cost -> false;
    private boolean backwards;
    int solves;

    Listed(Discrete set, double[]... costs) {
        this.elements = Tried.of(set);
        this.costs = List.of(costs);
    }

    Listed failingWhere(Predicate<double[]> where) {
        fails = where;
        return this;
    }

    Listed unboundedWhere(Predicate<double[]> where) {
        unbounded = where;
        return this;
    }

    /** Does the pieces of work from the last to the first. */
    Listed backwards() {
        backwards = true;
        return this;
    }

    double[] x(double[] cost) {
        return java.util.Objects.requireNonNull(EnumerationOracle.least(elements, cost).x());
    }

    List<double[]> elements() {
        return elements;
    }

    @Override
    public <R> List<R> map(int count, Work<R> work) {
        List<R> results = new ArrayList<>();
        LinearOracle oracle = oracle();
        for (int k = 0; k < count; k++) {
            results.add(work.run(backwards ? count - 1 - k : k, oracle));
        }
        if (backwards) {
            Collections.reverse(results);
        }
        return results;
    }

    private LinearOracle oracle() {
        return new LinearOracle() {
            @Override
            public Minimum minimize(int instance, double[] cost) {
                solves++;
                Status status =
                        fails.test(cost)
                                ? Status.NUMERICAL_ERROR
                                : unbounded.test(cost) ? Status.UNBOUNDED : Status.OPTIMAL;
                if (status != Status.OPTIMAL) {
                    double nothing = Double.NaN;
                    return new Minimum(
                            status, null, nothing, nothing, nothing, nothing, 1, "no", false);
                }
                Selection least = EnumerationOracle.least(elements, cost);
                return new Minimum(
                        Status.OPTIMAL, least.x(), least.bound(), 0, 0, 0, 1, null, false);
            }

            @Override
            public boolean isOver() {
                return false;
            }
        };
    }

    LinearBatch batch(boolean clamps, Proximal proximal) {
        List<double @Nullable []> solutions = new ArrayList<>();
        costs.forEach(c -> solutions.add(x(c)));
        return new LinearBatch(costs.getFirst().length, costs::get, solutions, clamps, proximal);
    }

    LinearGradients differentiate(double[] g, LinearSettings settings) {
        return differentiate(batch(false, Proximal.BINARY), g, settings);
    }

    LinearGradients differentiate(LinearBatch batch, double[] g, LinearSettings settings) {
        return new LinearBackward(batch, g, null, settings).differentiate(this);
    }

    static LinearSettings lpgd(Envelope envelope, double tau, double rho) {
        return new LinearSettings(
                LinearMethod.LPGD,
                envelope,
                new double[] {tau},
                null,
                rho,
                Projection.NONE,
                null,
                true);
    }

    static LinearSettings stochastic(
            LinearMethod method, Envelope envelope, double tau, Noise noise) {
        return new LinearSettings(
                method, envelope, new double[] {tau}, null, 0, Projection.NONE, noise, true);
    }

    static double[] plus(double[] a, double alpha, double[] b) {
        double[] out = a.clone();
        Arrays.setAll(out, j -> a[j] + alpha * b[j]);
        return out;
    }
}
