package io.argmind.lpgd.linear;

import io.argmind.linalg.Vectors;

/**
 * The choice of tau by how sparse gradients were (Minervini, Franceschi, Niepert 2023, AIMLE):
 *
 * <pre>
 *   tau = beta ||c|| / ||g||
 *   nonzeros := decay nonzeros + (1 - decay) (mean number of nonzeros of a sample's gradient)
 *   last_step := momentum last_step + (step if nonzeros &lt; target, otherwise -step)
 *   beta := max(0, beta + last_step)
 * </pre>
 *
 * <p>The state comes with a request and goes back with its answer, so that replicas share nothing.
 * Norms are those of each instance; instances without an upstream gradient do not count.
 *
 * @param beta at least 0; at 0 gradients are zero, and beta grows again
 * @param nonzeros the moving average
 * @param lastStep what was added to beta last
 */
public record AdaptiveTau(
        double beta,
        double nonzeros,
        double lastStep,
        double step,
        double momentum,
        double decay,
        double target) {

    /** As the reference implementation begins. */
    public static AdaptiveTau initial() {
        return new AdaptiveTau(1, 1, 0, 1e-4, 0, 0.9, 1);
    }

    double tau(double[] cost, double[] g) {
        double size = Vectors.norm2(cost);
        return beta * (size > 0 ? size : 1) / Vectors.norm2(g);
    }

    /** The state after gradients with this mean number of nonzeros. */
    AdaptiveTau after(double mean) {
        double average = decay * nonzeros + (1 - decay) * mean;
        double move = momentum * lastStep + (average < target ? step : -step);
        return new AdaptiveTau(
                Math.max(0, beta + move), average, move, step, momentum, decay, target);
    }
}
