package io.argmind.lpgd.linear;

import io.argmind.linalg.Vectors;
import io.argmind.lpgd.Envelope;
import io.argmind.lpgd.Projection;
import org.jspecify.annotations.Nullable;

/**
 * How to differentiate.
 *
 * @param tau the strength of the perturbation: one for all, or one per instance; null to choose it
 * @param adaptive the state of an adaptive tau; null without one
 * @param rho the weight of the proximal term in the perturbed solves
 * @param noise of stochastic methods, null for others
 * @param controlVariate whether the perturbed method subtracts the mean of the other samples, which
 *     changes the estimate's variance only
 */
public record LinearSettings(
        LinearMethod method,
        Envelope envelope,
        double @Nullable [] tau,
        @Nullable AdaptiveTau adaptive,
        double rho,
        Projection projection,
        @Nullable Noise noise,
        boolean controlVariate) {

    /**
     * The tau of one instance; the automatic one makes the largest entry of tau g as large as that
     * of c.
     */
    double tau(int instance, double[] cost, double[] g) {
        if (adaptive != null) {
            return adaptive.tau(cost, g);
        }
        if (tau != null) {
            return tau.length == 1 ? tau[0] : tau[instance];
        }
        double size = Vectors.normInf(cost);
        return (size > 0 ? size : 1) / Vectors.normInf(g);
    }
}
