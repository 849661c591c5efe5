package io.argmind.solver.interior;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.linalg.Matrix;
import io.argmind.linalg.Pattern;
import io.argmind.problem.Program;
import io.argmind.solver.interior.LanePrograms.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StructureTest {
    private static final int[] NONE = new int[0];

    private static Structure dense(int n, int p, int m) {
        return new Structure(
                Pattern.dense(n, n), Pattern.dense(p, n), Pattern.dense(m, n), NONE, NONE);
    }

    private static Structure diagonal(int n, int p, int m) {
        return new Structure(
                Pattern.diagonal(n), Pattern.dense(p, n), Pattern.dense(m, n), NONE, NONE);
    }

    @Test
    void boundsOfAnyProgramCount() {
        Program one = LanePrograms.good(Kind.BOUNDS_ALONE, 1);
        double inf = Double.POSITIVE_INFINITY;
        Program low = one.withBounds(row(0, -inf, -inf, 3, -inf), row(inf, inf, inf, inf, inf));
        Program high = one.withBounds(row(1, -inf, -inf, -inf, -inf), row(inf, 2, 2, inf, inf));
        Structure both = Structure.of(List.of(low, high));
        assertThat(both.lower()).containsExactly(0, 3);
        assertThat(both.upper()).containsExactly(1, 2);
        assertThat(both.inequalities()).isEqualTo(4);
        assertThat(Structure.of(List.of(high, low))).isEqualTo(both);
        assertThat(Structure.of(List.of(low))).isNotEqualTo(both);
        assertThat(Structure.of(List.of(high)).lower()).containsExactly(0);
    }

    private static double[] row(double... values) {
        return values;
    }

    /** Numbers, and which arrays hold the pattern, do not matter; shapes and patterns do. */
    @ParameterizedTest
    @EnumSource
    void equality(Kind kind) {
        Program one = LanePrograms.good(kind, 1);
        Program other = LanePrograms.good(kind, 2).withBounds(one.lb(), one.ub());
        Structure structure = Structure.of(List.of(one));
        assertThat(Structure.of(List.of(other))).isEqualTo(structure).hasSameHashCodeAs(structure);
        assertThat(structure.n()).isEqualTo(kind.n);
        assertThat(structure.p()).isEqualTo(kind.p);
        assertThat(structure.m()).isEqualTo(kind.m);
        for (Kind different : Kind.values()) {
            Program q = LanePrograms.good(different, 1);
            boolean same = Structure.of(List.of(q)).equals(structure);
            assertThat(same).as("%s", different).isEqualTo(different == kind);
        }
    }

    @Test
    void aFullSparsePatternIsAnotherStructure() {
        Pattern full = Pattern.sparse(2, 2, new int[] {0, 2, 4}, new int[] {0, 1, 0, 1});
        Pattern lower = Pattern.sparse(2, 2, new int[] {0, 1, 3}, new int[] {0, 0, 1});
        Pattern upper = Pattern.sparse(2, 2, new int[] {0, 2, 3}, new int[] {0, 1, 1});
        Pattern dense = Pattern.dense(2, 2);
        List<Pattern> patterns = List.of(full, lower, upper, dense);
        for (Pattern G : patterns) {
            for (Pattern other : patterns) {
                Structure one = new Structure(dense, dense, G, NONE, NONE);
                Structure two = new Structure(dense, dense, other, NONE, NONE);
                assertThat(one.equals(two)).isEqualTo(G == other);
            }
        }
        assertThat(new Structure(dense, dense, dense, NONE, NONE).equals(null)).isFalse();
    }

    /** Variables go first only if P is diagonal by its pattern and that is less work. */
    @Test
    void modes() {
        assertThat(diagonal(50, 2, 5).isNormal()).isTrue();
        assertThat(diagonal(5, 2, 50).isNormal()).isFalse();
        assertThat(dense(50, 2, 5).isNormal()).isFalse();
        assertThat(diagonal(50, 0, 0).isNormal()).isFalse();
        assertThat(dense(1, 0, 1).isDiagonal()).isTrue();
        assertThat(dense(2, 0, 1).isDiagonal()).isFalse();
        Pattern lp = Pattern.empty(50, 50);
        assertThat(
                        new Structure(lp, Pattern.dense(9, 50), Pattern.dense(0, 50), NONE, NONE)
                                .isNormal())
                .isTrue();
        Pattern corner = Pattern.sparse(2, 2, new int[] {0, 1, 1}, new int[] {1});
        assertThat(
                        new Structure(corner, Pattern.dense(0, 2), Pattern.dense(1, 2), NONE, NONE)
                                .isDiagonal())
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void theModeIsTheSameForEveryBatch(Kind kind) {
        Structure first = Structure.of(List.of(LanePrograms.good(kind, 1)));
        boolean normal = KktSystem.of(first) instanceof NormalSystem;
        assertThat(normal).isEqualTo(first.isNormal());
        for (Program q : LanePrograms.bad(kind, 2)) {
            Structure structure = Structure.of(List.of(q));
            assertThat(structure.isNormal()).isEqualTo(normal);
            assertThat(structure.work()).isEqualTo(first.work()).isPositive();
            assertThat(Structure.hasLanes(q, Long.MAX_VALUE)).isTrue();
        }
        double work = normal ? first.normalWork() : first.condensedWork();
        assertThat(first.work()).isEqualTo(work);
    }

    private static Program sized(Pattern P, int p, int m) {
        int n = P.rows();
        double[] none = new double[0];
        return new Program(
                new Matrix(P, none, 0),
                new double[n],
                new Matrix(Pattern.dense(p, n), none, 0),
                new double[p],
                new Matrix(Pattern.dense(m, n), none, 0),
                new double[m],
                new double[n],
                new double[n],
                NONE);
    }

    @Test
    void moreThanFitsIntoLanes() {
        assertThat(Structure.hasLanes(sized(Pattern.dense(100, 100), 50, 100), Long.MAX_VALUE))
                .isTrue();
        assertThat(Structure.hasLanes(sized(Pattern.dense(20_000, 20_000), 0, 1), Long.MAX_VALUE))
                .isFalse();
        assertThat(Structure.hasLanes(sized(Pattern.diagonal(20_000), 0, 10), Long.MAX_VALUE))
                .isTrue();
        assertThat(Structure.hasLanes(sized(Pattern.dense(9_000, 9_000), 9_000, 0), Long.MAX_VALUE))
                .isFalse();
    }

    /** What a group takes is told in time: not much less than what its matrices will take. */
    @ParameterizedTest
    @EnumSource
    void bytes(Kind kind) {
        Structure structure = Structure.of(List.of(LanePrograms.good(kind, 1)));
        LaneGroup group = new LaneGroup(structure);
        assertThat(2 * structure.bytes()).isGreaterThan(KktSystem.of(structure).bytes());
        assertThat(group.bytes()).isGreaterThan(KktSystem.of(structure).bytes());
    }
}
