package io.argmind.lpgd;

import static io.argmind.testkit.Answers.assertClose;
import static io.argmind.testkit.Write.v;
import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.problem.Field;
import io.argmind.problem.Program;
import io.argmind.solver.Solver;
import io.argmind.testkit.ActiveSets;
import io.argmind.testkit.Backends;
import io.argmind.testkit.Backward;
import io.argmind.testkit.Differences;
import io.argmind.testkit.Draw;
import io.argmind.testkit.Tiny;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The gradient of the optimal value needs no perturbed solve and is exact. */
class ObjectiveGradientTest {
    static Stream<Solver> solvers() {
        return Backends.taking(List.of(Tiny.random(0, 3, 1, 2, false))).stream();
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void isTheDerivativeOfTheOptimalValue(Solver solver) {
        for (int seed = 0; seed < 6; seed++) {
            Program q = Tiny.random(seed + 20, 3, 1, 2, seed % 2 == 0);
            if (!Backends.taking(List.of(q)).contains(solver)) {
                continue;
            }
            for (Method method : new Method[] {Method.LPGD, Method.IMPLICIT}) {
                Gradients g = Backward.of(solver, q, Backward.objective(-3), Backward.with(method));
                assertThat(g.status()).containsExactly(BackwardStatus.OK);
                assertThat(g.iterations()).containsExactly(0);
                for (Field field : Field.values()) {
                    if (field == Field.P && seed % 2 == 1) {
                        continue;
                    }
                    double[] expected =
                            Differences.gradient(q, field, 1e-5, p -> -3 * ActiveSets.value(p));
                    assertClose(field.key(), Backward.of(g, field), expected, 1e-6);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void addsToTheGradientOfTheRest(Solver solver) {
        Program q = Tiny.random(31, 3, 1, 2, false);
        double[] x = new Draw(8).gaussians(3);
        LpgdSettings settings = LpgdSettings.of(Envelope.AVERAGE, .7, 0);
        Gradients both = Backward.of(solver, q, new Upstream(x, null, null, null, v(2)), settings);
        Gradients one = Backward.of(solver, q, Backward.x(x), settings);
        Gradients other = Backward.of(solver, q, Backward.objective(2), settings);
        for (Field field : Field.values()) {
            double[] sum = Backward.of(one, field).clone();
            for (int k = 0; k < sum.length; k++) {
                sum[k] += Backward.of(other, field)[k];
            }
            assertClose(field.key(), Backward.of(both, field), sum, 1e-8);
        }
    }
}
