package io.argmind.solution;

import static io.argmind.testkit.Write.below;
import static io.argmind.testkit.Write.box;
import static io.argmind.testkit.Write.cost;
import static io.argmind.testkit.Write.curved;
import static io.argmind.testkit.Write.equal;
import static io.argmind.testkit.Write.v;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.problem.Field;
import io.argmind.problem.Program;
import io.argmind.solution.Solution.Point;
import io.argmind.testkit.ActiveSets;
import io.argmind.testkit.ActiveSets.Optimum;
import io.argmind.testkit.Differences;
import io.argmind.testkit.Tiny;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ActiveSystemTest {

    private static ActiveSystem at(Program program) {
        Optimum o = Objects.requireNonNull(ActiveSets.solve(program));
        return new ActiveSystem(program, o.x(), o.z(), o.zBox());
    }

    static Stream<Arguments> isDegenerate() {
        Program round = curved(cost(-1, -2), 1, 0, 0, 1); // x = (1, 2)
        Program valley = curved(cost(-1, -1), 1, 1, 1, 1); // x1 + x2 = 1
        return Stream.of(
                Arguments.of("strictly convex", round, false),
                Arguments.of("inside its box", box(round, 0, 3), false),
                Arguments.of("one variable at a bound", box(round, 0, 1.5), false),
                Arguments.of("all variables at bounds", box(round, 0, 0.5), true),
                Arguments.of("weakly active bound", box(round, 0, 2), true),
                Arguments.of("fixed variables", box(round, 1, 1), true),
                Arguments.of("one equality", equal(round, v(1, 1), 1), false),
                Arguments.of("as many equalities", equal(round, v(1, 1, 1, -1), 1, 0), true),
                Arguments.of("the same equality twice", equal(round, v(1, 1, 1, 1), 1, 1), false),
                Arguments.of("active row", below(round, v(1, 1), 1), false),
                Arguments.of("idle row", below(round, v(1, 1), 9), false),
                Arguments.of("weakly active row", below(round, v(1, 1), 3), true),
                Arguments.of("row that never binds", below(round, v(1, 1), 1 / 0.), false),
                Arguments.of("row of zeros", below(round, v(0, 0), 0), false),
                Arguments.of("linear", box(cost(1, 1), 0, 1), true),
                Arguments.of("valley without a lowest point", valley, true),
                Arguments.of("valley, blocked along", equal(valley, v(1, -1), 0), false),
                Arguments.of(
                        "flat in x2, x2 bounded",
                        box(curved(cost(-1, 1), 1, 0, 0, 0), 0, 9),
                        false),
                Arguments.of(
                        "flat in x2, x2 any", box(curved(cost(-1, 0), 1, 0, 0, 0), 0, 9), true),
                Arguments.of("valley, equality crossing", equal(valley, v(1, 0), 0.3), false),
                Arguments.of(
                        "curved along its only equality",
                        equal(curved(cost(-1, 0), 1, 0, 0, 0), v(1, -1), 0),
                        false),
                Arguments.of(
                        "flat along its only equality",
                        equal(curved(cost(-1, 0), 1, 0, 0, 0), v(1, 0), 1),
                        true));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void isDegenerate(String name, Program program, boolean expected) {
        assertThat(at(program).isDegenerate()).isEqualTo(expected);
    }

    @Test
    void readsTheActiveSet() {
        Program q =
                box(
                        below(
                                curved(cost(-1, -2, -9), 1, 0, 0, 0, 1, 0, 0, 0, 1),
                                v(1, 0, 0, 0, 1, 0),
                                0.5,
                                5),
                        -1,
                        3);
        ActiveSystem active = at(q);
        assertThat(active.activeRows()).containsExactly(0);
        assertThat(active.freeVariables()).containsExactly(0, 1);
        assertThat(active.side(0)).isZero();
        assertThat(active.side(2)).isEqualTo(1);
        assertThat(active.isWeaklyActive()).isFalse();
        assertThat(active.isTractable()).isTrue();
    }

    /** K d = -e_j is dx/dc_j, also of y and z. */
    @Test
    void solutionsAreDerivatives() {
        for (int seed = 0; seed < 10; seed++) {
            Program q = Tiny.random(seed, 3, 1, 2, true);
            ActiveSystem active = at(q);
            for (int j = 0; j < 3; j++) {
                double[] r = new double[3];
                r[j] = -1;
                OptimalitySystem.Direction d = active.solve(r, new double[1], new double[2]);
                int col = j;
                for (int i = 0; i < 3; i++) {
                    int row = i;
                    double slope =
                            Differences.gradient(q, Field.C, 1e-6, p -> optimum(p).x()[row])[col];
                    assertThat(d.x()[i]).isCloseTo(slope, within(1e-6));
                }
                double slope = Differences.gradient(q, Field.C, 1e-6, p -> optimum(p).y()[0])[col];
                assertThat(d.y()[0]).isCloseTo(slope, within(1e-6));
                for (int i = 0; i < 2; i++) {
                    int row = i;
                    double dz =
                            Differences.gradient(q, Field.C, 1e-6, p -> optimum(p).z()[row])[col];
                    assertThat(d.z()[i]).isCloseTo(dz, within(1e-6));
                }
            }
        }
    }

    private static Optimum optimum(Program program) {
        return Objects.requireNonNull(ActiveSets.solve(program));
    }

    @Test
    void singularSystemsGiveShortestAnswers() {
        Program twice = equal(curved(cost(-1, -2), 1, 0, 0, 1), v(1, 1, 1, 1), 1, 1);
        Point point = Verifier.complete(twice, v(0, 1), v(.5, .5), v(), v(0, 0));
        ActiveSystem active = new ActiveSystem(twice, point.x(), point.z(), point.zBox());
        OptimalitySystem.Direction d = active.solve(v(1, -1), v(0, 0), v());
        assertThat(d.x()).containsExactly(v(1, -1), within(1e-12));
        assertThat(d.y()).containsExactly(v(0, 0), within(1e-12));
        OptimalitySystem.Direction sum = active.solve(v(1, 1), v(0, 0), v());
        assertThat(sum.y()).containsExactly(v(.5, .5), within(1e-12));
    }
}
