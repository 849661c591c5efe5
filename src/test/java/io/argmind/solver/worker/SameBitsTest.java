package io.argmind.solver.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.problem.Program;
import io.argmind.problem.discrete.Discrete;
import io.argmind.problem.discrete.Kind;
import io.argmind.solution.Claim;
import io.argmind.solver.Limits;
import io.argmind.solver.Line;
import io.argmind.solver.Session;
import io.argmind.solver.Solver;
import io.argmind.solver.WarmStart;
import io.argmind.solver.ortools.CpSatSolver;
import io.argmind.solver.ortools.GlopSolver;
import io.argmind.solver.ortools.HighsSolver;
import io.argmind.solver.ortools.ScipSolver;
import io.argmind.testkit.ConeSort;
import io.argmind.testkit.ConicPrograms;
import io.argmind.testkit.Draw;
import io.argmind.testkit.Enumerated;
import io.argmind.testkit.Hopeless;
import io.argmind.testkit.Manufactured;
import io.argmind.testkit.Sets;
import io.argmind.testkit.Shape;
import io.argmind.testkit.Shape.Curvature;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A border between processes changes no bit of an answer, and nothing that crosses it. */
class SameBitsTest {
    private static final WorkerPool POOL = TestWorker.pool(Path.of(""));
    private static final int SEEDS = 12;

    @AfterAll
    static void stop() {
        POOL.close();
    }

    static Stream<Solver> solvers() {
        return Stream.of(new GlopSolver(), new HighsSolver(), new ScipSolver(), new CpSatSolver());
    }

    private static List<Program> programs(Solver solver) {
        List<Program> all = new ArrayList<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            for (Curvature curvature : List.of(Curvature.NONE, Curvature.DENSE)) {
                Shape shape = Shape.vertex(8, 2, 3, 6).withCurvature(curvature);
                all.add(Manufactured.of(seed, shape).program());
                all.add(Manufactured.of(seed, shape.withIntegers(2)).program());
            }
            all.add(Enumerated.random(seed, 4, 0, 2, false).program());
            all.add(Hopeless.infeasibleRows(seed, false));
            all.add(Hopeless.unbounded(seed, false));
        }
        all.removeIf(q ->
                !solver.capabilities().solves(q.problemClass()) || solver.refuse(q).isPresent());
        return all;
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void solvesAndResolves(Solver solver) {
        List<Program> programs = programs(solver);
        assertThat(programs).isNotEmpty();
        try (Session here = solver.open();
                Session there = POOL.isolate(solver).open()) {
            for (Program q : programs) {
                Limits limits = Limits.generous();
                assertSame(there.solve(q, null, limits), here.solve(q, null, limits));
                Program next = q.withCost(new Draw(q.n()).gaussians(q.n()));
                assertSame(there.resolve(next, limits), here.resolve(next, limits));
                WarmStart warm = new WarmStart(new double[q.n()], null, new double[q.m()], null);
                assertSame(there.solve(q, warm, limits), here.solve(q, warm, limits));
            }
        }
        assertThat(POOL.restarts()).isZero();
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void solvesAlongLines(Solver solver) {
        try (Session here = solver.open();
                Session there = POOL.isolate(solver).open()) {
            for (Program q : programs(solver)) {
                WarmStart at = new WarmStart(new double[q.n()], null, null, null);
                Line line = new Line(q, at, new Draw(3).gaussians(q.n()), null, null);
                List<Line> twice = List.of(line, line);
                double[] sigma = {0.1, -0.1};
                List<Claim> expected = here.solveAlong(twice, sigma, Limits::generous);
                List<Claim> actual = there.solveAlong(twice, sigma, Limits::generous);
                assertSame(actual.getFirst(), expected.getFirst());
                assertSame(actual.getLast(), expected.getLast());
            }
        }
    }

    private static void assertSame(Claim actual, Claim expected) {
        assertThat(actual)
                .usingRecursiveComparison()
                .withEqualsForType(Double::equals, Double.class) // bits, and NaN is NaN
                .isEqualTo(expected);
    }

    /** Whatever the service can be asked, also what no native back-end is asked today. */
    @Test
    void everyProgramCrosses() throws IOException {
        List<Program> all = new ArrayList<>(programs(new HighsSolver()));
        for (ConeSort sort : ConeSort.values()) {
            all.add(ConicPrograms.known(1, sort, Curvature.DENSE).program());
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        WireOutput out = new WireOutput(Channels.newChannel(bytes));
        Program last = null;
        for (Program q : all) {
            ProgramWire.write(out, q, last);
            ProgramWire.write(out, q.withCost(q.c().clone()), q);
            last = q;
        }
        out.flush();
        WireInput in =
                new WireInput(Channels.newChannel(new ByteArrayInputStream(bytes.toByteArray())));
        last = null;
        for (Program q : all) {
            Program read = ProgramWire.read(in, last);
            assertSamePrograms(read, q);
            Program neighbour = ProgramWire.read(in, read);
            assertSamePrograms(neighbour, q);
            assertThat(neighbour.A()).isSameAs(read.A());
            assertThat(neighbour.c()).isNotSameAs(read.c());
            last = read;
        }
    }

    private static void assertSamePrograms(Program actual, Program expected) {
        assertThat(actual.P().pattern().isDense()).isEqualTo(expected.P().pattern().isDense());
        assertThat(actual.A().pattern().isDense()).isEqualTo(expected.A().pattern().isDense());
        assertThat(actual.G().pattern().isDense()).isEqualTo(expected.G().pattern().isDense());
        assertThat(actual.P().toDense()).isEqualTo(expected.P().toDense());
        assertThat(actual.A().toDense()).isEqualTo(expected.A().toDense());
        assertThat(actual.G().toDense()).isEqualTo(expected.G().toDense());
        assertThat(actual.c()).isEqualTo(expected.c());
        assertThat(actual.b()).isEqualTo(expected.b());
        assertThat(actual.h()).isEqualTo(expected.h());
        assertThat(actual.lb()).isEqualTo(expected.lb());
        assertThat(actual.ub()).isEqualTo(expected.ub());
        assertThat(actual.integers()).isEqualTo(expected.integers());
        assertThat(actual.cones()).isEqualTo(expected.cones());
    }

    @ParameterizedTest
    @EnumSource
    void everySetCrosses(Kind kind) throws IOException {
        for (int seed = 0; seed < SEEDS; seed++) {
            Discrete set = Sets.medium(kind, new Draw(seed));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            WireOutput out = new WireOutput(Channels.newChannel(bytes));
            SetWire.write(out, set);
            out.flush();
            Discrete read =
                    SetWire.read(
                            new WireInput(
                                    Channels.newChannel(
                                            new ByteArrayInputStream(bytes.toByteArray()))));
            assertThat(read).usingRecursiveComparison().isEqualTo(set);
        }
    }
}
