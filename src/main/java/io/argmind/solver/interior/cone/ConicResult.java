package io.argmind.solver.interior.cone;

/**
 * What a solve found.
 *
 * @param status how it ended
 * @param point the optimum; for infeasible programs y, z, zBox with A'y + G'z + zBox = 0 and b'y +
 *     h'z + ub'zBox+ - lb'zBox- < 0, largest entry 1; for unbounded ones a ray x with P x = 0, c'x
 *     < 0, largest entry 1; else the best iterate
 * @param iterations how many factorizations it took
 * @param primal the primal residual relative to the size of its terms
 * @param dual the dual residual relative to the size of its terms
 * @param gap the duality gap relative to the objective
 */
public record ConicResult(
        ConicStatus status,
        ConicPoint point,
        int iterations,
        double primal,
        double dual,
        double gap) {

    double worst() {
        return Math.max(primal, Math.max(dual, gap));
    }
}
