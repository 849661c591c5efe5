package io.argmind.lpgd;

import io.argmind.linalg.Vectors;
import io.argmind.problem.Program;
import io.argmind.solution.Solution.Point;
import org.jspecify.annotations.Nullable;

/**
 * {@code tau: "auto"}: the perturbation relative to what it perturbs,
 *
 * <pre>
 *   tau = kappa * min( max(|c|, |P x*|) / |g_x|,  max(|b|, |A x*|) / |g_y|,  max(|h|, |G x*|) / |g_z| )     (max norms)
 * </pre>
 *
 * <p>over the upstream gradients that are not zero, with g_x after the slack has been folded in,
 * and 1 where a scale is zero. kappa is 1 for linear and integer programs, whose solutions move
 * only when the perturbation is comparable with the cost, and 1e-3 for quadratic ones and those
 * with cones, where the gradient is then that of the exact derivative to about 1e-6. The choice
 * does not depend on how the loss is scaled or reduced over the batch: multiplying the upstream
 * gradient by a divides tau by a, and the gradient is multiplied by a.
 */
final class TauRule {
    static final double KAPPA_LINEAR = 1;
    static final double KAPPA_QUADRATIC = 1e-3;

    private TauRule() {}

    static double choose(Program program, Point star, double[] gx, Upstream g) {
        boolean jumps = program.hasIntegers() || (program.P().isZero() && !program.isConic());
        double kappa = jumps ? KAPPA_LINEAR : KAPPA_QUADRATIC;
        double ratio = ratio(scale(program.c(), program.P().times(star.x())), gx);
        ratio = Math.min(ratio, ratio(scale(program.b(), program.A().times(star.x())), g.y()));
        ratio = Math.min(ratio, ratio(scale(program.h(), program.G().times(star.x())), g.z()));
        return Double.isInfinite(ratio) ? kappa : kappa * ratio;
    }

    private static double scale(double[] data, double[] product) {
        double scale = Vectors.normInf(product);
        for (double v : data) {
            scale = Double.isInfinite(v) ? scale : Math.max(scale, Math.abs(v));
        }
        return scale > 0 ? scale : 1;
    }

    private static double ratio(double scale, double @Nullable [] g) {
        double size = g == null ? 0 : Vectors.normInf(g);
        return size > 0 ? scale / size : Double.POSITIVE_INFINITY;
    }
}
