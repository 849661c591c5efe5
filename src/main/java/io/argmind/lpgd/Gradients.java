package io.argmind.lpgd;

import io.argmind.problem.Field;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The gradients of a batch, each in the shape in which its field was sent: [B, ...] where it was
 * batched, summed over the batch where it was shared, on its own pattern where it was sparse.
 *
 * @param values per field; one number where a bound was sent as one number
 * @param factors per field that was asked for in factors and is smaller so; not among the values
 * @param status [B]
 * @param tau [B] the strength used
 * @param displacement [B] ||x_tau - x*||_2, the larger of both sides
 * @param degenerate [B] whether the exact derivative of x with respect to the cost vanishes or is
 *     not unique; null where that was too large to find out
 * @param noise [B] the error that the solves' residuals can put into the gradient, residual / tau;
 *     NaN where a limit ended a search in integers, whose error nobody knows
 * @param iterations [B] of the perturbed solves
 * @param lowerX [B][n] perturbed solutions, null where that side was not solved
 * @param upperX [B][n]
 */
public record Gradients(
        Map<Field, double[]> values,
        Map<Field, Factors> factors,
        List<BackwardStatus> status,
        double[] tau,
        double[] displacement,
        @Nullable Boolean[] degenerate,
        double[] noise,
        long[] iterations,
        double[] @Nullable [] lowerX,
        double[] @Nullable [] upperX) {}
