package io.argmind.solver;

import static io.argmind.testkit.Answers.assertClose;
import static io.argmind.testkit.Answers.assertOptimalityConditions;
import static io.argmind.testkit.Answers.assertSolves;
import static io.argmind.testkit.Answers.optimal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.problem.Program;
import io.argmind.solution.Solution;
import io.argmind.solution.Solution.Point;
import io.argmind.solution.Status;
import io.argmind.testkit.ConeSort;
import io.argmind.testkit.ConicPrograms;
import io.argmind.testkit.Draw;
import io.argmind.testkit.Enumerated;
import io.argmind.testkit.Golden;
import io.argmind.testkit.Hopeless;
import io.argmind.testkit.Known;
import io.argmind.testkit.Manufactured;
import io.argmind.testkit.Shape;
import io.argmind.testkit.Shape.Box;
import io.argmind.testkit.Shape.Curvature;
import io.argmind.testkit.Sort;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every back-end promises, through the verified path that the service uses. A subclass names
 * the back-end; what is not among its programs it must refuse.
 */
public abstract class SolverContract extends SolverConduct {
    private List<Known> accepted(Sort sort, Curvature curvature, int integers) {
        List<Known> list = new ArrayList<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            Draw draw = new Draw(1000L * sort.name().hashCode() + seed);
            Shape shape = sort.shape(draw, curvature);
            Known known = Manufactured.of(seed, shape.withIntegers(Math.min(integers, shape.n())));
            if (isOurs(known.program()) && masters(sort)) {
                list.add(findsPoints() ? known : known.byResidualsOnly());
            }
        }
        return list;
    }

    @ParameterizedTest
    @EnumSource
    void linear(Sort sort) {
        assertAll(accepted(sort, Curvature.NONE, 0));
    }

    @ParameterizedTest
    @EnumSource
    void diagonalQuadratic(Sort sort) {
        assertAll(accepted(sort, Curvature.DIAGONAL, 0));
    }

    @ParameterizedTest
    @EnumSource
    void quadratic(Sort sort) {
        assertAll(accepted(sort, Curvature.DENSE, 0));
    }

    @ParameterizedTest
    @EnumSource
    void singularQuadratic(Sort sort) {
        assertAll(accepted(sort, Curvature.SINGULAR, 0));
    }

    @ParameterizedTest
    @EnumSource
    void mixedInteger(Sort sort) {
        assertAll(accepted(sort, Curvature.NONE, 2));
    }

    @ParameterizedTest
    @EnumSource(names = {"DIAGONAL", "DENSE", "SINGULAR"})
    void mixedIntegerQuadratic(Curvature curvature) {
        assertAll(accepted(Sort.BOXED, curvature, 2));
    }

    @ParameterizedTest
    @EnumSource
    void conic(ConeSort sort) {
        for (Curvature curvature : List.of(Curvature.NONE, Curvature.DENSE)) {
            List<Known> list = new ArrayList<>();
            for (int seed = 0; seed < SEEDS; seed++) {
                Known known = ConicPrograms.known(seed, sort, curvature);
                if (isOurs(known.program())) {
                    list.add(findsPoints() ? known : known.byResidualsOnly());
                }
            }
            assertAll(list);
        }
    }

    @ParameterizedTest
    @EnumSource
    void conicWithoutOptimum(ConeSort sort) {
        for (int seed = 0; seed < SEEDS; seed++) {
            for (boolean quadratic : new boolean[] {false, true}) {
                Program infeasible = ConicPrograms.infeasible(seed, sort, quadratic);
                Program unbounded = ConicPrograms.unbounded(seed, sort, quadratic);
                if (!isOurs(infeasible)) {
                    continue;
                }
                assertThat(solve(infeasible).status())
                        .as("%s %s %s", sort, seed, quadratic)
                        .isEqualTo(Status.INFEASIBLE);
                assertThat(solve(unbounded).status())
                        .as("%s %s %s", sort, seed, quadratic)
                        .isEqualTo(Status.UNBOUNDED);
            }
        }
    }

    private void assertAll(List<Known> programs) {
        try (VerifiedSession session = open()) {
            for (Known known : programs) {
                Solution solution = session.solve(known.program(), null, limits());
                assertThat(solution.status())
                        .as("%s for %s", solution.detail(), known)
                        .isEqualTo(Status.OPTIMAL);
                assertSolves(known, solution, accuracy());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0,0,false", "0,2,false", "1,2,false", "0,2,true", "1,1,true"})
    void enumeratedIntegers(int equalities, int rows, boolean quadratic) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Enumerated known = Enumerated.random(seed, 1 + seed % 6, equalities, rows, quadratic);
            if (!isOurs(known.program())) {
                continue;
            }
            Point point = optimal(solve(known.program()));
            assertThat(point.objective())
                    .as("seed %s", seed)
                    .isCloseTo(known.objective(), within(1e-6));
            if (known.unique()) {
                assertClose("x", point.x(), known.x(), 1e-9);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void infeasible(boolean quadratic) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Program byRows = Hopeless.infeasibleRows(seed, quadratic);
            Program byBounds = Hopeless.infeasibleBounds(seed, quadratic);
            if (!isOurs(byRows)) {
                continue;
            }
            assertThat(solve(byRows).status()).as("rows %s", seed).isEqualTo(Status.INFEASIBLE);
            assertThat(solve(byBounds).status()).as("bounds %s", seed).isEqualTo(Status.INFEASIBLE);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void infeasibleForIntegersOnly(boolean quadratic) {
        Program program = Hopeless.infeasibleIntegers(quadratic);
        if (isOurs(program)) {
            assertThat(solve(program).status()).isEqualTo(Status.INFEASIBLE);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void unbounded(boolean quadratic) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Program program = Hopeless.unbounded(seed, quadratic);
            if (isOurs(program)) {
                Solution solution = solve(program);
                assertThat(solution.status())
                        .as("seed %s %s", seed, solution.detail())
                        .isEqualTo(Status.UNBOUNDED);
            }
        }
    }

    @Test
    void unboundedIntegers() {
        Program program = Hopeless.unboundedIntegers();
        if (isOurs(program)) {
            assertThat(solve(program).status()).isEqualTo(Status.UNBOUNDED);
        }
    }

    @ParameterizedTest
    @MethodSource("io.argmind.testkit.Golden#all")
    void golden(Golden golden) {
        if (!isOurs(golden.program())) {
            return;
        }
        Point point = optimal(solve(golden.program()));
        assertClose("x", point.x(), golden.x(), 1e-9);
        assertClose("y", point.y(), golden.y(), 1e-9);
        assertClose("z", point.z(), golden.z(), 1e-9);
        assertOptimalityConditions(golden.program(), point, accuracy());
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "DIAGONAL", "DENSE"})
    void resolvesWithOtherCostsAndSides(Curvature curvature) {
        Shape shape = Shape.vertex(8, 2, 3, 6).withBox(Box.ALL).withCurvature(curvature);
        for (int seed = 0; seed < SEEDS; seed++) {
            Program first = Manufactured.of(seed, shape).program();
            if (!isOurs(first)) {
                continue;
            }
            try (VerifiedSession session = open()) {
                optimal(session.solve(first, null, limits()));
                for (Program next : neighbours(first, seed)) {
                    Point warm = optimal(session.resolve(next, limits()));
                    Point cold = optimal(solve(next));
                    assertThat(warm.objective()).isCloseTo(cold.objective(), within(1e-6));
                    assertOptimalityConditions(next, warm, accuracy());
                    if (findsPoints()) {
                        assertClose("x", warm.x(), cold.x(), accuracy());
                    }
                }
            }
        }
    }

    /** The same program with other costs, then also other right-hand sides, and back again. */
    private static List<Program> neighbours(Program first, int seed) {
        Draw draw = new Draw(seed);
        List<Program> list = new ArrayList<>();
        for (double step : new double[] {1e-3, 0.1, 1, 10}) {
            double[] c = first.c().clone();
            double[] h = first.h().clone();
            for (int i = 0; i < c.length; i++) {
                c[i] += step * draw.gaussian();
            }
            for (int i = 0; i < h.length; i++) {
                h[i] += i == 0 ? 0 : step * draw.positive();
            }
            list.add(first.withCost(c));
            list.add(first.withCost(c).withRightHandSides(first.b().clone(), h));
        }
        list.add(first);
        return list;
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "DENSE"})
    void takesGuessesAsGuesses(Curvature curvature) {
        for (Known known : accepted(Sort.BOXED, curvature, 0)) {
            WarmStart right = new WarmStart(known.x(), known.y(), known.z(), known.zBox());
            Draw draw = new Draw(known.x().length);
            WarmStart wrong = new WarmStart(draw.gaussians(known.x().length), null, null, null);
            try (VerifiedSession session = open()) {
                assertSolves(known, session.solve(known.program(), right, limits()), accuracy());
                assertSolves(known, session.solve(known.program(), wrong, limits()), accuracy());
            }
        }
    }
}
