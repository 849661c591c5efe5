package io.argmind.solver;

import java.util.List;

/**
 * Which oracles are asked, in order: the next one where the one before had a numerical error.
 *
 * @param ladder none where nothing will be solved
 * @param reason why, in a sentence for the caller
 */
public record OraclePlan(List<Oracle> ladder, String reason) {
    public OraclePlan {
        ladder = List.copyOf(ladder);
    }

    public String name() {
        return ladder.getFirst().name();
    }
}
