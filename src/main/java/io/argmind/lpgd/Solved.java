package io.argmind.lpgd;

import io.argmind.solution.Solution.Point;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the solve of a batch of programs found, as far as differentiation needs it.
 *
 * @param solutions [size], null where an instance has none
 * @param optimal [size] whether the solution has been verified, and is as sharp as it gets
 * @param definite [size] whether P is positive definite by a margin of rounding; false where that
 *     is not known
 */
public record Solved(List<@Nullable Point> solutions, boolean[] optimal, boolean[] definite) {
    /** Solutions of which nothing is known. */
    public static Solved of(List<@Nullable Point> solutions) {
        int size = solutions.size();
        return new Solved(solutions, new boolean[size], new boolean[size]);
    }
}
