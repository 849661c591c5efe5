package io.argmind.lpgd.linear;

import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A batch that was solved.
 *
 * @param n the number of costs of each instance
 * @param cost gives those of one instance
 * @param solutions [size] x* of each instance, null where there is none
 * @param clamps whether costs without a solution are clamped at 0, if no cost that was sent is
 *     negative: shortest paths, which have none around a cycle of negative cost
 */
public record LinearBatch(
        int n,
        IntFunction<double[]> cost,
        List<double @Nullable []> solutions,
        boolean clamps,
        Proximal proximal) {

    int size() {
        return solutions.size();
    }
}
