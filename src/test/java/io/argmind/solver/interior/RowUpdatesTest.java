package io.argmind.solver.interior;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.linalg.Lanes;
import io.argmind.linalg.Vectors;
import io.argmind.problem.Program;
import io.argmind.solver.interior.LanePrograms.Kind;
import io.argmind.testkit.Draw;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Steps of a changed matrix, against those of that matrix factored anew. */
class RowUpdatesTest {
    private static final int W = Lanes.WIDTH;
    private static final double PENALTY = 1e4;
    private static final int LIMIT = 4;

    private final Draw draw = new Draw(5);
    private LaneProgram q = group(Kind.LARGE);
    private RowUpdates updates = new RowUpdates(q, PENALTY, LIMIT);
    private double[] factored = {};
    private double[] active = {};

    private static LaneProgram group(Kind kind) {
        List<Program> programs =
                IntStream.range(0, W).mapToObj(l -> LanePrograms.good(kind, l)).toList();
        LaneProgram lanes = new LaneProgram(Structure.of(programs));
        lanes.put(programs.toArray(new Program[0]));
        return lanes;
    }

    private void use(Kind kind) {
        q = group(kind);
        updates = new RowUpdates(q, PENALTY, LIMIT);
        factored = Lanes.vector(q.M);
        for (int i = 0; i < q.M * W; i++) {
            factored[i] = q.w[i] != 0 && draw.chance(0.15) ? 1 : 0;
        }
        factor(factored);
        active = factored.clone();
    }

    @BeforeEach
    void useLarge() {
        use(Kind.LARGE);
    }

    private void factor(double[] rows) {
        double[] D = Lanes.vector(q.M);
        Arrays.setAll(D, i -> rows[i] * PENALTY);
        double[] deltaX = new double[W];
        Arrays.fill(deltaX, 1e-6);
        double[] deltaY = Lanes.vector(q.p);
        Arrays.fill(deltaY, 1 / PENALTY);
        q.factor(D, deltaX, deltaY);
    }

    /** Lets rows that exist enter or leave a lane's active set. */
    private void change(int lane, int count) {
        int left = count;
        for (int i : draw.indices(q.M, q.M)) {
            int at = i * W + lane;
            if (left > 0 && q.w[at] != 0 && factored[at] == active[at]) {
                active[at] = 1 - active[at];
                left--;
            }
        }
        assertThat(left).isZero();
    }

    private LaneDirection step(double[] rx, double[] ry, double[] right) {
        LaneDirection d = new LaneDirection(q);
        q.solve(rx, ry, right, d);
        return d;
    }

    private void assertStepsAreThoseOfTheChangedMatrix() {
        boolean[] all = new boolean[W];
        Arrays.fill(all, true);
        updates.prepare(all, factored, active);
        double[] rx = draw.gaussians(q.n * W);
        double[] ry = draw.gaussians(q.p * W);
        double[] right = draw.gaussians(q.M * W);
        Arrays.setAll(right, i -> active[i] * right[i]);
        LaneDirection found = step(rx, ry, right);
        updates.correct(all, active, right, found);
        factor(active);
        LaneDirection expected = step(rx, ry, right);
        factor(factored);
        for (int l = 0; l < W; l++) {
            assertClose(found.x, expected.x, q.n, l, "x");
            assertClose(found.y, expected.y, q.p, l, "y");
            assertClose(found.z, expected.z, q.M, l, "z");
            assertClose(found.Ex, expected.Ex, q.M, l, "E x");
        }
    }

    private static void assertClose(
            double[] found, double[] expected, int length, int l, String what) {
        double[] is = Lanes.take(found, length, l);
        double[] should = Lanes.take(expected, length, l);
        double error = Vectors.normInf(Vectors.minus(is, should));
        assertThat(error / (1 + Vectors.normInf(should))).as("%s of %d", what, l).isLessThan(1e-6);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"QUADRATIC", "SPARSE", "LARGE", "LARGE_DIAGONAL"})
    void equalAnotherFactorization(Kind kind) {
        use(kind);
        for (int l = 0; l < W; l++) {
            change(l, l % (LIMIT + 1));
            assertThat(updates.put(l, factored, active)).isTrue();
            assertThat(updates.any(l)).isEqualTo(l % (LIMIT + 1) > 0);
        }
        assertStepsAreThoseOfTheChangedMatrix();
    }

    @Test
    void rowsMayComeBack() {
        change(0, 3);
        change(1, 2);
        assertThat(updates.put(0, factored, active)).isTrue();
        assertThat(updates.put(1, factored, active)).isTrue();
        assertStepsAreThoseOfTheChangedMatrix();
        for (int i = 0; i < q.M; i++) {
            active[i * W] = factored[i * W];
        }
        change(0, 1);
        change(1, 1);
        assertThat(updates.put(0, factored, active)).isTrue();
        assertThat(updates.put(1, factored, active)).isTrue();
        assertStepsAreThoseOfTheChangedMatrix();
    }

    @Test
    void thereIsRoomForSoMany() {
        change(2, LIMIT);
        assertThat(updates.put(2, factored, active)).isTrue();
        change(2, 1);
        assertThat(updates.put(2, factored, active)).isFalse();
        updates.clear(2);
        assertThat(updates.any(2)).isFalse();
        factored = active.clone();
        factor(factored);
        change(2, 1);
        assertThat(updates.put(2, factored, active)).isTrue();
        assertStepsAreThoseOfTheChangedMatrix();
    }

    @Test
    void noneTakesNoChanges() {
        RowUpdates none = new RowUpdates(q, PENALTY, 0);
        assertThat(none.put(0, factored, active)).isTrue();
        change(0, 1);
        assertThat(none.put(0, factored, active)).isFalse();
    }

    /** Other lanes keep every bit, whatever stands in this one. */
    @Test
    void lanesThatDoNotTakeItStayAsTheyAre() {
        change(0, 2);
        change(1, 2);
        for (int l = 0; l < 2; l++) {
            assertThat(updates.put(l, factored, active)).isTrue();
        }
        boolean[] both = new boolean[W];
        both[0] = true;
        both[1] = true;
        updates.prepare(both, factored, active);
        LaneDirection step = new LaneDirection(q);
        for (int i = 0; i < q.n * W; i++) {
            step.x[i] = i % W == 1 ? Double.NaN : -0.0;
        }
        double[] before = step.x.clone();
        boolean[] lanes = new boolean[W];
        lanes[0] = true;
        double[] right = Lanes.vector(q.M);
        Arrays.setAll(right, i -> active[i]);
        updates.correct(lanes, active, right, step);
        for (int l = 1; l < W; l++) {
            assertThat(Lanes.take(step.x, q.n, l)).containsExactly(Lanes.take(before, q.n, l));
        }
        assertThat(Lanes.take(step.x, q.n, 0)).isNotEqualTo(Lanes.take(before, q.n, 0));
    }
}
