package io.argmind.lpgd.linear;

import io.argmind.lpgd.BackwardStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The gradients of a batch.
 *
 * @param cost [B, n]
 * @param status [B]
 * @param tau [B] the strength used, the smallest over samples; 0 where nothing was perturbed by g
 * @param displacement [B] ||x_tau - x*||, the largest over sides and samples
 * @param noise [B] what inexact solves can put into the gradient; NaN where nobody knows
 * @param iterations [B] of all perturbed solves
 * @param lowerX [B][n] perturbed solutions, null where that side was not solved
 * @param upperX [B][n]
 * @param lowerMoved [B] whether the solution moved on that side; null where it was not solved
 * @param upperMoved [B]
 * @param clamped [B] whether perturbed costs had to be clamped at 0
 * @param adaptive the next state, null without an adaptive tau
 */
public record LinearGradients(
        double[] cost,
        List<BackwardStatus> status,
        double[] tau,
        double[] displacement,
        double[] noise,
        long[] iterations,
        double[] @Nullable [] lowerX,
        double[] @Nullable [] upperX,
        @Nullable Boolean[] lowerMoved,
        @Nullable Boolean[] upperMoved,
        boolean[] clamped,
        @Nullable AdaptiveTau adaptive) {}
