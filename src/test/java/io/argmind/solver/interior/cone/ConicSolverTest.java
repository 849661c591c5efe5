package io.argmind.solver.interior.cone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.argmind.linalg.LdlCache;
import io.argmind.linalg.Matrix;
import io.argmind.linalg.NotEnoughMemoryException;
import io.argmind.linalg.Pattern;
import io.argmind.linalg.Vectors;
import io.argmind.linalg.WorkingMemory;
import io.argmind.testkit.Draw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConicSolverTest {
    private static final double INF = Double.POSITIVE_INFINITY;

    private final ConicSolver solver =
            new ConicSolver(new LdlCache(1_000_000), WorkingMemory.OF_THIS_JVM);

    private ConicResult solve(ConicProgram program) {
        return solver.solve(program, ConicSettings.of(1e-8, 200), null, () -> false);
    }

    /** Which cones a program mixes. */
    enum Mix {
        NONE,
        ORTHANT,
        SECOND_ORDER,
        LONG_SECOND_ORDER,
        PSD,
        EXPONENTIAL,
        POWER,
        SYMMETRIC,
        ALL;

        List<ConeShape> cones() {
            return switch (this) {
                case NONE -> List.of();
                case ORTHANT -> List.of(ConeShape.nonnegative(8));
                case SECOND_ORDER -> List.of(ConeShape.secondOrder(4), ConeShape.secondOrder(1));
                case LONG_SECOND_ORDER -> List.of(ConeShape.secondOrder(60));
                case PSD -> List.of(ConeShape.psd(4), ConeShape.psd(1));
                case EXPONENTIAL -> List.of(ConeShape.exponential(), ConeShape.exponential());
                case POWER -> List.of(ConeShape.power(0.3), ConeShape.power(0.8));
                case SYMMETRIC ->
                        List.of(
                                ConeShape.psd(3),
                                ConeShape.nonnegative(3),
                                ConeShape.secondOrder(9),
                                ConeShape.nonnegative(2));
                case ALL ->
                        List.of(
                                ConeShape.power(0.5),
                                ConeShape.nonnegative(3),
                                ConeShape.exponential(),
                                ConeShape.secondOrder(8),
                                ConeShape.psd(3));
            };
        }
    }

    @Test
    void aFactorThatDoesNotFitIsNotMade() {
        WorkingMemory memory = new WorkingMemory(1000);
        ConicSolver small = new ConicSolver(new LdlCache(1_000_000), memory);
        ConicProgram program =
                KnownProgram.draw(12, 3, Mix.ORTHANT.cones(), true, new Draw(1)).program();
        assertThatThrownBy(
                        () -> small.solve(program, ConicSettings.of(1e-8, 200), null, () -> false))
                .isInstanceOf(NotEnoughMemoryException.class)
                .hasMessageContaining("bytes to work in, more than the 1000");
        assertThat(memory.used()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Mix.class)
    void findsTheKnownOptimum(Mix mix) {
        for (int seed = 0; seed < 20; seed++) {
            Draw draw = new Draw(seed);
            int n = draw.integer(1, 12);
            KnownProgram known =
                    KnownProgram.draw(n, draw.integer(0, n / 2), mix.cones(), seed % 3 > 0, draw);
            ConicResult result = solve(known.program());
            assertThat(result.status()).as("seed " + seed).isEqualTo(ConicStatus.OPTIMAL);
            double size = 1 + Math.abs(known.optimum());
            assertThat(known.objective(result.point().x()))
                    .as("seed " + seed)
                    .isCloseTo(known.optimum(), within(1e-6 * size));
            assertThat(stationarity(known.program(), result.point())).isLessThan(1e-6 * size);
        }
    }

    /** |P x + c + A'y + G'z + zBox|: the signs of all duals at once. */
    private static double stationarity(ConicProgram program, ConicPoint point) {
        double[] r = program.P().times(point.x());
        Vectors.addTimes(1, program.c(), r);
        program.A().addTransposeTimes(1, point.y(), r);
        program.G().addTransposeTimes(1, point.z(), r);
        Vectors.addTimes(1, point.zBox(), r);
        return Vectors.normInf(r);
    }

    @ParameterizedTest
    @CsvSource({"1e-6, 1", "1e6, 1", "1, 1e-6", "1, 1e6", "1e-3, 1e3", "1e4, 1e-4"})
    void unitsDoNotMatter(double rows, double cost) {
        for (int seed = 0; seed < 10; seed++) {
            Draw draw = new Draw(seed);
            KnownProgram known =
                    KnownProgram.draw(6, 2, List.of(ConeShape.nonnegative(7)), true, draw);
            ConicProgram k = known.program();
            ConicProgram scaled =
                    new ConicProgram(
                            times(cost, k.P()),
                            times(cost, k.c()),
                            k.A(),
                            k.b(),
                            times(rows, k.G()),
                            times(rows, k.h()),
                            k.cones(),
                            k.lb(),
                            k.ub());
            ConicResult result = solve(scaled);
            assertThat(result.status()).isEqualTo(ConicStatus.OPTIMAL);
            assertThat(known.objective(result.point().x()))
                    .isCloseTo(known.optimum(), within(1e-4 * (1 + Math.abs(known.optimum()))));
        }
    }

    private static double[] times(double f, double[] v) {
        return Arrays.stream(v).map(vi -> f * vi).toArray();
    }

    private static Matrix times(double f, Matrix matrix) {
        return new Matrix(matrix.pattern(), times(f, matrix.values()), matrix.offset());
    }

    /** min c'x over G x <= h with the given bounds, dense. */
    private static ConicProgram linear(
            double[] c, double[] G, double[] h, List<ConeShape> cones, double lb, double ub) {
        int n = c.length;
        double[] l = new double[n];
        double[] u = new double[n];
        Arrays.fill(l, lb);
        Arrays.fill(u, ub);
        Matrix g = new Matrix(Pattern.dense(h.length, n), G, 0);
        return new ConicProgram(
                Matrix.empty(n, n), c, Matrix.empty(0, n), new double[0], g, h, cones, l, u);
    }

    @Test
    void duplicateEqualitiesAreHarmless() {
        Matrix A = new Matrix(Pattern.dense(3, 2), new double[] {1, 1, 1, 1, 2, 2}, 0);
        ConicProgram program =
                new ConicProgram(
                        Matrix.diagonal(new double[] {1, 1}),
                        new double[] {-1, 0},
                        A,
                        new double[] {1, 1, 2},
                        Matrix.empty(0, 2),
                        new double[0],
                        List.of(),
                        new double[] {-INF, -INF},
                        new double[] {INF, INF});
        ConicResult result = solve(program);
        assertThat(result.status()).isEqualTo(ConicStatus.OPTIMAL);
        assertThat(result.point().x()).containsExactly(new double[] {1, 0}, within(1e-7));
    }

    @Test
    void rowsThatDoNotBindHaveNoDual() {
        ConicProgram program =
                linear(
                        new double[] {-1},
                        new double[] {1, 1},
                        new double[] {INF, 3},
                        List.of(ConeShape.nonnegative(2)),
                        -INF,
                        INF);
        ConicResult result = solve(program);
        assertThat(result.status()).isEqualTo(ConicStatus.OPTIMAL);
        assertThat(result.point().x()[0]).isCloseTo(3, within(1e-7));
        assertThat(result.point().z()[0]).isZero();
        assertThat(result.point().z()[1]).isCloseTo(1, within(1e-7));
    }

    @Test
    void boundsHaveSignedDuals() {
        ConicProgram program =
                linear(new double[] {1, -2}, new double[0], new double[0], List.of(), -1, 4);
        ConicResult result = solve(program);
        assertThat(result.point().x()).containsExactly(new double[] {-1, 4}, within(1e-7));
        assertThat(result.point().zBox()).containsExactly(new double[] {-1, 2}, within(1e-7));
    }

    @ParameterizedTest
    @EnumSource(Mix.class)
    void provesInfeasible(Mix mix) {
        for (int seed = 0; seed < 10; seed++) {
            Draw draw = new Draw(seed);
            KnownProgram known = KnownProgram.draw(5, 1, mix.cones(), seed % 2 == 0, draw);
            ConicProgram k = known.program();
            // sum x >= 1 and sum x <= 0 on top
            int m = k.h().length;
            double[] g = Arrays.copyOf(k.G().toDense(), (m + 2) * 5);
            Arrays.fill(g, m * 5, (m + 1) * 5, 1);
            Arrays.fill(g, (m + 1) * 5, (m + 2) * 5, -1);
            double[] h = Arrays.copyOf(k.h(), m + 2);
            h[m + 1] = -1;
            List<ConeShape> cones = new ArrayList<>(k.cones());
            cones.add(ConeShape.nonnegative(2));
            Matrix G = new Matrix(Pattern.dense(m + 2, 5), g, 0);
            ConicProgram program =
                    new ConicProgram(k.P(), k.c(), k.A(), k.b(), G, h, cones, k.lb(), k.ub());
            ConicResult result = solve(program);
            assertThat(result.status()).isEqualTo(ConicStatus.INFEASIBLE);
            assertFarkas(program, result.point());
        }
    }

    private static void assertFarkas(ConicProgram program, ConicPoint point) {
        double[] r = program.A().transposeTimes(point.y());
        program.G().addTransposeTimes(1, point.z(), r);
        Vectors.addTimes(1, point.zBox(), r);
        double support = Vectors.dot(program.b(), point.y());
        for (int i = 0; i < point.z().length; i++) {
            support += point.z()[i] == 0 ? 0 : program.h()[i] * point.z()[i];
        }
        for (int j = 0; j < r.length; j++) {
            double z = point.zBox()[j];
            double bound = z > 0 ? program.ub()[j] : program.lb()[j];
            support += z == 0 ? 0 : z * bound;
        }
        assertThat(support).isLessThan(-1e-6);
        assertThat(Vectors.normInf(r)).isLessThan(1e-7 * -support);
    }

    @Test
    void crossedBoundsAreInfeasible() {
        ConicProgram program =
                linear(new double[] {1}, new double[0], new double[0], List.of(), 2, 1);
        ConicResult result = solve(program);
        assertThat(result.status()).isEqualTo(ConicStatus.INFEASIBLE);
    }

    /** A free direction that every constraint is blind to and the cost is not. */
    @ParameterizedTest
    @EnumSource(Mix.class)
    void provesUnbounded(Mix mix) {
        for (int seed = 0; seed < 10; seed++) {
            Draw draw = new Draw(seed);
            KnownProgram known = KnownProgram.draw(4, 1, mix.cones(), false, draw);
            ConicProgram k = known.program();
            int m = k.h().length;
            double[] g = new double[m * 5];
            k.G().forEach((i, j, v) -> g[i * 5 + j] = v);
            double[] a = new double[5];
            k.A().forEach((i, j, v) -> a[i * 5 + j] = v);
            double[] lb = Arrays.copyOf(k.lb(), 5);
            double[] ub = Arrays.copyOf(k.ub(), 5);
            ub[4] = INF;
            double[] c = Arrays.copyOf(k.c(), 5);
            c[4] = -1;
            ConicProgram program =
                    new ConicProgram(
                            Matrix.empty(5, 5),
                            c,
                            new Matrix(Pattern.dense(1, 5), a, 0),
                            k.b(),
                            new Matrix(Pattern.dense(m, 5), g, 0),
                            k.h(),
                            k.cones(),
                            lb,
                            ub);
            ConicResult result = solve(program);
            assertThat(result.status()).isEqualTo(ConicStatus.UNBOUNDED);
            double[] d = result.point().x();
            assertThat(Vectors.normInf(d)).isEqualTo(1);
            assertThat(Vectors.dot(c, d)).isNegative();
            assertThat(Vectors.normInf(program.A().times(d))).isLessThan(1e-7);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-4, 1e-8, 1e-10})
    void toleranceIsKept(double tolerance) {
        Draw draw = new Draw(3);
        KnownProgram known =
                KnownProgram.draw(10, 3, List.of(ConeShape.nonnegative(15)), true, draw);
        ConicResult result =
                solver.solve(known.program(), ConicSettings.of(tolerance, 100), null, () -> false);
        assertThat(result.status()).isEqualTo(ConicStatus.OPTIMAL);
        assertThat(Math.max(result.primal(), Math.max(result.dual(), result.gap())))
                .isLessThanOrEqualTo(tolerance);
    }

    @Test
    void stopsWhenToldTo() {
        KnownProgram known = KnownProgram.draw(8, 2, Mix.ALL.cones(), true, new Draw(1));
        ConicProgram k = known.program();
        assertThat(solver.solve(k, ConicSettings.of(1e-8, 100), null, () -> true).status())
                .isEqualTo(ConicStatus.CANCELLED);
        assertThat(solver.solve(k, ConicSettings.of(1e-8, 3), null, () -> false).status())
                .isEqualTo(ConicStatus.ITERATION_LIMIT);
        ConicSettings late = new ConicSettings(1e-8, 1e-8, 100, System.nanoTime() - 1);
        ConicResult result = solver.solve(k, late, null, () -> false);
        assertThat(result.status()).isEqualTo(ConicStatus.TIME_LIMIT);
        assertThat(result.iterations()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Mix.class)
    void warmStartsLeadToTheSameOptimum(Mix mix) {
        for (int seed = 0; seed < 10; seed++) {
            Draw draw = new Draw(seed);
            KnownProgram known = KnownProgram.draw(7, 2, mix.cones(), true, draw);
            ConicResult cold = solve(known.program());
            ConicResult warm =
                    solver.solve(
                            known.program(),
                            ConicSettings.of(1e-8, 200),
                            cold.point(),
                            () -> false);
            assertThat(warm.status()).isEqualTo(ConicStatus.OPTIMAL);
            assertThat(known.objective(warm.point().x()))
                    .isCloseTo(known.optimum(), within(1e-6 * (1 + Math.abs(known.optimum()))));
        }
    }

    @Test
    void withoutAnything() {
        ConicProgram program = linear(new double[0], new double[0], new double[0], List.of(), 0, 0);
        assertThat(solve(program).status()).isEqualTo(ConicStatus.OPTIMAL);
    }

    @Test
    void shapesMustFit() {
        assertThatThrownBy(() ->
                        linear(
                                new double[1],
                                new double[2],
                                new double[2],
                                List.of(ConeShape.nonnegative(1)),
                                0,
                                1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one row for each row of G");
        assertThatThrownBy(() -> ConeShape.power(1)).isInstanceOf(IllegalArgumentException.class);
    }
}
