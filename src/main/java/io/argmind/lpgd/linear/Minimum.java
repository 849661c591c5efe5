package io.argmind.lpgd.linear;

import io.argmind.solution.Status;
import org.jspecify.annotations.Nullable;

/**
 * What an oracle found.
 *
 * @param x [n]; null where the status has none
 * @param objective {@code <cost, x>} for the costs that were asked about; NaN without x
 * @param violation how far x is from the set
 * @param gap relative; 0 where the optimum is proved
 * @param error how far x may be from the optimum's; NaN where nobody knows
 * @param clamped whether negative costs were taken for 0
 */
public record Minimum(
        Status status,
        double @Nullable [] x,
        double objective,
        double violation,
        double gap,
        double error,
        long iterations,
        @Nullable String detail,
        boolean clamped) {

    Minimum afterClamping(long more) {
        return new Minimum(
                status,
                x,
                objective,
                violation,
                gap,
                error,
                iterations + more,
                detail,
                status.hasSolution());
    }
}
