package io.argmind.lpgd;

import org.jspecify.annotations.Nullable;

/**
 * How to differentiate.
 *
 * @param tau the strength of the perturbation: one number per instance, or a single one for all;
 *     null to choose it per instance (see {@link TauRule})
 * @param rho the weight of the proximal term 1/2 ||x - x*||^2 in the perturbed solves; multiplies
 *     the objective that tau has already scaled, as in diffcp
 */
public record LpgdSettings(
        Method method,
        Envelope envelope,
        double @Nullable [] tau,
        double rho,
        Projection projection) {

    /** LPGD with one tau for all instances. */
    public static LpgdSettings of(Envelope envelope, double tau, double rho) {
        return new LpgdSettings(Method.LPGD, envelope, new double[] {tau}, rho, Projection.NONE);
    }

    /** The tau of one instance, or NaN if it is to be chosen. */
    double tau(int instance) {
        if (tau == null) {
            return Double.NaN;
        }
        return tau.length == 1 ? tau[0] : tau[instance];
    }
}
