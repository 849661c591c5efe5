package io.argmind.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.argmind.linalg.Matrix;
import io.argmind.problem.ProblemClass;
import io.argmind.problem.Program;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.Session;
import io.argmind.solver.Solver;
import io.argmind.solver.ortools.OrToolsLibrary;
import io.argmind.testkit.Backends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No back-end leaves anything behind, in the heap or outside. That such a test can see it is shown
 * in {@code LeakTest}.
 */
class BackendLeaksTest {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int N = 6;
    private static final long SLACK_KIB = 64 * 1024;

    static Stream<Solver> solvers() {
        return Stream.of(ProblemClass.values())
                .flatMap(Backends::solving)
                .filter(solver ->
                        !solver.capabilities().classes().equals(Set.of(ProblemClass.CONIC)))
                .distinct();
    }

    /** A program with a bounded, finite optimum, of a class that the solver solves. */
    private static Program program(int seed, Solver solver) {
        Set<ProblemClass> classes = solver.capabilities().classes();
        boolean quadratic = classes.stream().noneMatch(c -> !c.isQuadratic());
        boolean integer = classes.stream().allMatch(ProblemClass::hasIntegers);
        SplittableRandom random = new SplittableRandom(seed);
        double[] ones = new double[N];
        double[] tens = new double[N];
        for (int k = 0; k < N; k++) {
            ones[k] = 1;
            tens[k] = 10;
        }
        return new Program(
                quadratic ? Matrix.diagonal(ones) : Matrix.empty(N, N),
                random.doubles(N, -8, 8).map(Math::rint).toArray(), // CP-SAT wants short ones
                Matrix.empty(0, N),
                new double[0],
                Matrix.empty(0, N),
                new double[0],
                new double[N],
                tens,
                integer ? new int[] {0, 1, 2, 3, 4, 5} : new int[0]);
    }

    private static void solve(Solver solver, int count) {
        for (int k = 0; k < count; k++) {
            try (Session session = solver.open()) {
                Status status =
                        session.solve(program(k % 50, solver), null, Limits.generous()).status();
                assertThat(status).isEqualTo(Status.OPTIMAL);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void nativeObjectsGo(Solver solver) {
        int live = OrToolsLibrary.liveObjects();
        solve(solver, 100);
        assertThat(OrToolsLibrary.liveObjects()).isEqualTo(live);
    }

    @ParameterizedTest
    @MethodSource("solvers")
    @Tag("slow")
    void memoryComesBack(Solver solver) throws IOException {
        assumeTrue(Files.exists(STATUS), "needs /proc");
        solve(solver, 2000);
        System.gc();
        long before = residentKiB();
        solve(solver, 5000);
        System.gc();
        assertThat(residentKiB() - before).as("KiB").isLessThan(SLACK_KIB);
    }

    private static long residentKiB() throws IOException {
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }
}
