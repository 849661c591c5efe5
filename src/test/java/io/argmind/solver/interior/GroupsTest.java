package io.argmind.solver.interior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.argmind.linalg.Pattern;
import io.argmind.linalg.StoppedException;
import io.argmind.linalg.WorkingMemory;
import io.argmind.problem.Program;
import io.argmind.solver.WarmStart;
import io.argmind.solver.interior.LanePrograms.Kind;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GroupsTest {
    private static final WorkingMemory PLENTY = new WorkingMemory(1L << 40);

    private static Structure structure(int n) {
        int[] none = new int[0];
        return new Structure(
                Pattern.dense(n, n), Pattern.dense(0, n), Pattern.dense(1, n), none, none);
    }

    private static Groups.Lent take(Groups groups, int n) {
        return groups.take(structure(n), null, () -> true);
    }

    /** A group that was taken and left again. */
    private static LaneGroup used(Groups groups, int n, @Nullable LaneGroup last) {
        try (Groups.Lent lent = groups.take(structure(n), last, () -> true)) {
            return lent.group();
        }
    }

    @Test
    void comeBack() {
        Groups groups = new Groups(PLENTY);
        Groups.Lent two = take(groups, 2);
        Groups.Lent three = take(groups, 3);
        try (Groups.Lent another = take(groups, 2)) {
            assertThat(another.group()).as("lent already").isNotSameAs(two.group());
        }
        two.close();
        three.close();
        assertThat(used(groups, 3, null)).isSameAs(three.group());
        assertThat(used(groups, 2, null)).as("the last one left").isSameAs(two.group());
        assertThat(two.group().structure()).isEqualTo(structure(2));
    }

    /** Unless somebody else has it, or it has been thrown away. */
    @Test
    void theSameOneIsHadAgain() {
        Groups groups = new Groups(PLENTY);
        Groups.Lent one = take(groups, 2);
        Groups.Lent other = take(groups, 2);
        one.close();
        assertThat(used(groups, 2, other.group())).isSameAs(one.group());
        other.close();
        assertThat(used(groups, 2, one.group())).isSameAs(one.group());
        assertThat(used(groups, 2, other.group())).isSameAs(other.group());
        assertThat(used(groups, 3, other.group())).isNotSameAs(other.group());
        Groups forgetful = new Groups(PLENTY, 0);
        LaneGroup gone = used(forgetful, 2, null);
        assertThat(used(forgetful, 2, gone)).isNotSameAs(gone);
    }

    @Test
    void idleOnesAreBoundedByBytes() {
        LaneGroup large = new LaneGroup(structure(30));
        Groups groups = new Groups(PLENTY, 3 * large.bytes());
        LaneGroup old = used(groups, 2, null);
        List<Groups.Lent> lent =
                List.of(take(groups, 30), take(groups, 30), take(groups, 30), take(groups, 30));
        lent.forEach(Groups.Lent::close);
        for (int k = 3; k > 0; k--) { // one that is the newest again after each
            assertThat(used(groups, 30, lent.get(k).group())).isSameAs(lent.get(k).group());
        }
        assertThat(used(groups, 2, old)).as("the oldest goes first").isNotSameAs(old);
    }

    /** What is in use is taken from the working memory, and all of it given back. */
    @Test
    void thoseInUseTakeMemory() {
        long one = structure(20).bytesAtWork();
        WorkingMemory memory = new WorkingMemory(3 * one / 2);
        Groups groups = new Groups(memory);
        Groups.Lent first = take(groups, 20);
        assertThat(memory.used()).isEqualTo(one);
        assertThatThrownBy(() -> take(groups, 20)).isInstanceOf(StoppedException.class);
        assertThat(memory.used()).isEqualTo(one);
        first.close();
        assertThat(memory.used()).isZero();
        take(groups, 20).close();
        assertThat(memory.used()).isZero();
    }

    /** Where a group would never fit, programs are solved one at a time. */
    @Test
    void programsHaveNoLanesWhereMemoryIsShort() {
        Program program = LanePrograms.good(Kind.QUADRATIC, 1);
        long one = Structure.of(List.of(program)).bytesAtWork();
        assertThat(new Groups(new WorkingMemory(one)).haveLanes(program)).isTrue();
        assertThat(new Groups(new WorkingMemory(one - 1)).haveLanes(program)).isFalse();
    }

    /** An idle group does not keep the batch that it solved last from being collected. */
    @Test
    void programsAreForgotten() {
        Groups groups = new Groups(PLENTY);
        Program program = LanePrograms.good(Kind.QUADRATIC, 1);
        Groups.Lent lent = groups.take(Structure.of(List.of(program)), null, () -> true);
        List<@Nullable WarmStart> cold = Collections.nCopies(1, null);
        lent.group().solve(List.of(program), cold, 1e-8, 50, () -> true);
        assertThat(lent.group().programs()).isPositive();
        lent.close();
        assertThat(lent.group().programs()).isZero();
    }
}
