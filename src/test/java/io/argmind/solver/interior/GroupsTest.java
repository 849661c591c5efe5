package io.argmind.solver.interior;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.linalg.Pattern;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GroupsTest {
    private static Structure structure(int n) {
        int[] none = new int[0];
        return new Structure(
                Pattern.dense(n, n), Pattern.dense(0, n), Pattern.dense(1, n), none, none);
    }

    @Test
    void comeBack() {
        Groups groups = new Groups();
        LaneGroup two = groups.take(structure(2));
        LaneGroup three = groups.take(structure(3));
        assertThat(groups.take(structure(2))).as("lent already").isNotSameAs(two);
        groups.giveBack(two);
        groups.giveBack(three);
        assertThat(groups.take(structure(3))).isSameAs(three);
        assertThat(groups.take(structure(3))).isNotSameAs(three);
        assertThat(groups.take(structure(2))).isSameAs(two);
        assertThat(two.structure()).isEqualTo(structure(2));
    }

    /** The same group over and over stands for many, to save memory. */
    @Test
    void boundedByBytes() {
        Groups groups = new Groups();
        LaneGroup old = groups.take(structure(2));
        LaneGroup large = new LaneGroup(structure(300));
        long many = (600L << 20) / large.bytes() + 1;
        groups.giveBack(old);
        for (long i = 0; i < many; i++) {
            groups.giveBack(large);
        }
        long kept = 0;
        while (kept <= many && groups.take(structure(300)) == large) {
            kept++;
        }
        assertThat(kept).isPositive();
        assertThat(kept * large.bytes()).isLessThanOrEqualTo(512L << 20);
        assertThat(groups.take(structure(2))).as("the oldest goes first").isNotSameAs(old);
    }

    /** Sessions hand groups on, and never share one. */
    @Test
    void sessionsOfOneSolver() {
        Groups groups = new Groups();
        Set<LaneGroup> seen = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            LaneGroup group = groups.take(structure(4));
            seen.add(group);
            groups.giveBack(group);
        }
        assertThat(seen).hasSize(1);
    }
}
