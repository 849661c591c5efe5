package io.argmind.lpgd.linear;

/** What {@code rho/2 ||x - x*||^2} is on a set. */
public enum Proximal {
    /** All entries are 0 or 1, so x^2 = x: {@code rho <1/2 - x*, x>} and a constant. */
    BINARY,
    /** All elements are equally long, as permutations are: {@code -rho <x*, x>} and a constant. */
    EQUAL_NORMS,
    /** It is not linear. */
    QUADRATIC;

    /** Adds the linear form to costs, without the constant. */
    void addTo(double[] cost, double[] star, double rho) {
        double half = this == BINARY ? 0.5 : 0;
        for (int i = 0; i < cost.length; i++) {
            cost[i] += rho * (half - star[i]);
        }
    }
}
