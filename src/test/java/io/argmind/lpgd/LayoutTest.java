package io.argmind.lpgd;

import static io.argmind.testkit.Answers.assertClose;
import static io.argmind.testkit.Write.v;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.problem.ErrorList;
import io.argmind.problem.Field;
import io.argmind.problem.Program;
import io.argmind.problem.ProgramBuilder;
import io.argmind.problem.Programs;
import io.argmind.problem.SentField;
import io.argmind.problem.SentProblem;
import io.argmind.testkit.ActiveSets;
import io.argmind.testkit.Backward;
import io.argmind.testkit.ReferenceSolver;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Gradients go back in the shape in which fields were sent. */
class LayoutTest {
    private static final ReferenceSolver SOLVER = new ReferenceSolver();
    private static final LpgdSettings SETTINGS = LpgdSettings.of(Envelope.AVERAGE, .3, 0);

    /** Two programs in two variables that differ in c. */
    private static final double[] P = {2, .5, .5, 1};

    private static final double[] C = {-1, -2, 1, -1};
    private static final double[] G = {1, 1, 0, 2};
    private static final double[] H = {.5, .75};
    private static final double[] UPSTREAM = {1, -.5, .25, 2};

    private static SentField.Array array(double[] values, int... shape) {
        return new SentField.Array(shape, values, false);
    }

    private static SentField coo(int[] rows, int[] cols, SentField.Array values, boolean upper) {
        return new SentField.Coordinates(2, 2, rows, cols, values, upper);
    }

    private static Programs programs(Consumer<Map<Field, SentField>> change) {
        Map<Field, SentField> fields = new EnumMap<>(Field.class);
        fields.put(Field.P, array(P, 2, 2));
        fields.put(Field.C, array(C, 2, 2));
        fields.put(Field.G, array(G, 2, 2));
        fields.put(Field.H, array(H, 2));
        fields.put(Field.LB, array(v(-3, -3), 2));
        fields.put(Field.UB, array(v(3, .2), 2));
        change.accept(fields);
        SentProblem sent = new SentProblem(fields, null, null, false);
        ErrorList errors = new ErrorList();
        Programs programs = ProgramBuilder.build(sent, "/problem", 10, errors);
        errors.throwIfAny();
        return Objects.requireNonNull(programs);
    }

    private static Gradients gradients(Consumer<Map<Field, SentField>> change) {
        Gradients g = Backward.of(SOLVER, programs(change), Backward.x(UPSTREAM), SETTINGS);
        assertThat(g.status()).containsOnly(BackwardStatus.OK);
        return g;
    }

    /** The gradients of both instances, every field batched. */
    private static Gradients batched() {
        return gradients(f -> {
            f.put(Field.P, array(v(2, .5, .5, 1, 2, .5, .5, 1), 2, 2, 2));
            f.put(Field.G, array(v(1, 1, 0, 2, 1, 1, 0, 2), 2, 2, 2));
            f.put(Field.H, array(v(.5, .75, .5, .75), 2, 2));
            f.put(Field.LB, array(v(-3, -3, -3, -3), 2, 2));
            f.put(Field.UB, array(v(3, .2, 3, .2), 2, 2));
        });
    }

    private static double[] sum(double[] both) {
        double[] sum = new double[both.length / 2];
        for (int k = 0; k < both.length; k++) {
            sum[k % sum.length] += both[k];
        }
        return sum;
    }

    @Test
    void sharedFieldsGetTheSum() {
        Gradients each = batched();
        Gradients shared = gradients(f -> {});
        assertThat(Backward.of(shared, Field.C)).containsExactly(Backward.of(each, Field.C));
        for (Field field : new Field[] {Field.P, Field.G, Field.H, Field.LB, Field.UB}) {
            double[] expected = sum(Backward.of(each, field));
            assertThat(Backward.of(shared, field)).containsExactly(expected, within(1e-15));
        }
    }

    @Test
    void oneNumberForAllBoundsGetsOneNumber() {
        Gradients number = gradients(f -> f.put(Field.UB, array(v(.2))));
        Gradients vector = gradients(f -> f.put(Field.UB, array(v(.2, .2), 2)));
        double[] expected = Backward.of(vector, Field.UB);
        assertThat(Backward.of(number, Field.UB))
                .containsExactly(v(expected[0] + expected[1]), within(1e-15));
        assertThat(expected[0] + expected[1]).isNotZero();
    }

    @Test
    void sparseFieldsGetTheirOwnEntries() {
        Gradients dense = gradients(f -> {});
        double[] g = Backward.of(dense, Field.G);
        double[] p = Backward.of(dense, Field.P);
        Gradients sparse =
                gradients(f -> {
                    // not in the order of rows, one entry in two parts
                    int[] rows = {1, 0, 0, 0};
                    int[] cols = {1, 1, 0, 0};
                    f.put(Field.G, coo(rows, cols, array(v(2, 1, .4, .6), 4), false));
                    int[] i = {0, 0, 1, 1};
                    int[] j = {0, 1, 0, 1};
                    f.put(Field.P, coo(i, j, array(P, 4), false));
                });
        assertClose("G", Backward.of(sparse, Field.G), v(g[3], g[1], g[0], g[0]), 1e-14);
        assertClose("P", Backward.of(sparse, Field.P), p, 1e-14);
        assertClose("c", Backward.of(sparse, Field.C), Backward.of(dense, Field.C), 1e-14);
    }

    /** An entry of the upper triangle stands for two, so its gradient is that of moving both. */
    @Test
    void upperTriangle() {
        Gradients dense = gradients(f -> {});
        double[] p = Backward.of(dense, Field.P);
        assertThat(p[1]).isCloseTo(p[2], within(1e-15));
        Gradients upper = gradients(f -> f.put(Field.P, triangle(.5)));
        assertClose("P", Backward.of(upper, Field.P), v(p[0], 2 * p[1], p[3]), 1e-14);
        double step = 1e-5;
        double slope = (loss(triangle(.5 + step)) - loss(triangle(.5 - step))) / (2 * step);
        assertThat(Backward.of(upper, Field.P)[1]).isCloseTo(slope, within(1e-6));
    }

    private static SentField triangle(double off) {
        return coo(new int[] {0, 0, 1}, new int[] {0, 1, 1}, array(v(2, off, 1), 3), true);
    }

    /** [L*(tau) - L*(-tau)] / (2 tau), summed over the batch. */
    private static double loss(SentField p) {
        Programs programs = programs(f -> f.put(Field.P, p));
        double sum = 0;
        for (int i = 0; i < 2; i++) {
            Program q = programs.instance(i);
            for (int side = -1; side <= 1; side += 2) {
                double[] c = q.c().clone();
                c[0] += side * .3 * UPSTREAM[2 * i];
                c[1] += side * .3 * UPSTREAM[2 * i + 1];
                sum += side * ActiveSets.value(q.withCost(c)) / .6;
            }
        }
        return sum;
    }

    @Test
    void batchedSparseValues() {
        Gradients dense = batched();
        Gradients sparse =
                gradients(f -> {
                    int[] rows = {0, 0, 1};
                    int[] cols = {0, 1, 1};
                    SentField.Array values = array(v(1, 1, 2, 1, 1, 2), 2, 3);
                    f.put(Field.G, coo(rows, cols, values, false));
                });
        double[] g = Backward.of(dense, Field.G);
        assertClose(
                "G", Backward.of(sparse, Field.G), v(g[0], g[1], g[3], g[4], g[5], g[7]), 1e-14);
    }
}
