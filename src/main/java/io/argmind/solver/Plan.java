package io.argmind.solver;

import java.util.List;

/**
 * Which back-ends are asked, in order: the next one where the one before had a numerical error.
 *
 * @param ladder at least one; none where nothing will be solved
 * @param reason why, in a sentence for the caller
 */
public record Plan(List<Solver> ladder, String reason) {
    public Plan {
        ladder = List.copyOf(ladder);
    }

    public Solver first() {
        return ladder.getFirst();
    }

    public String name() {
        return first().name();
    }
}
