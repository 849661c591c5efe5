package io.argmind.solution.discrete;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.problem.discrete.Discrete;
import io.argmind.testkit.SmallSets;
import io.argmind.testkit.Tried;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is in a set is exactly what trying everything finds. */
class SetMembershipTest {

    static Stream<Discrete> sets() {
        return SmallSets.all().stream();
    }

    private static Set<List<Double>> elements(Discrete set) {
        return Tried.of(set).stream()
                .map(x -> Arrays.stream(x).boxed().toList())
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("sets")
    void allElementsAndNothingElse(Discrete set) {
        Set<List<Double>> elements = elements(set);
        SetMembership membership = new SetMembership(set);
        Tried.of(set).forEach(x -> assertThat(membership.violation(x)).isZero());
        if (set.length() <= 12 && !(set instanceof Discrete.Ranking)) {
            Tried.binaries(
                    set.length(),
                    x -> {
                        boolean inside = elements.contains(Arrays.stream(x).boxed().toList());
                        assertThat(membership.violation(x) == 0)
                                .as("%s %s", set, Arrays.toString(x))
                                .isEqualTo(inside);
                    });
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    void neighboursOfElementsAreOutside(Discrete set) {
        Set<List<Double>> elements = elements(set);
        SetMembership membership = new SetMembership(set);
        for (double[] x : Tried.of(set)) {
            for (int j = 0; j < x.length; j++) {
                for (double step : new double[] {1, -1, 0.5, 1e-9, Double.NaN}) {
                    double[] other = x.clone();
                    other[j] += step;
                    boolean inside = elements.contains(Arrays.stream(other).boxed().toList());
                    assertThat(membership.violation(other) == 0)
                            .as("%s %s", set, Arrays.toString(other))
                            .isEqualTo(inside);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    void anEmptySetMayBeEmpty(Discrete set) {
        boolean may = new SetMembership(set).mayBeEmpty();
        if (Tried.of(set).isEmpty()) {
            assertThat(may).isTrue();
        }
        if (set instanceof Discrete.ShortestPath || set instanceof Discrete.SpanningTree) {
            assertThat(may).isEqualTo(Tried.of(set).isEmpty());
        }
    }

    /** A block of cells is a path's in many ways; a star of them is none's. */
    @Test
    void cellsThatTouch() {
        SetMembership grid = new SetMembership(new Discrete.GridShortestPath(20, 20, 8));
        double[] all = new double[400];
        Arrays.fill(all, 1);
        assertThat(grid.violation(all)).isZero();
        double[] apart = new double[400];
        apart[0] = 1;
        apart[399] = 1;
        assertThat(grid.violation(apart)).isPositive();
    }

    @Test
    void overweightIsMeasured() {
        Discrete set = new Discrete.Knapsack(new double[][] {{2, 3}}, new double[] {4}, 2);
        assertThat(new SetMembership(set).violation(new double[] {1, 1})).isEqualTo(1);
        assertThat(new SetMembership(set).violation(new double[] {0.25, 0})).isEqualTo(0.25);
    }
}
