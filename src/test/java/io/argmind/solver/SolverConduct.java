package io.argmind.solver;

import static io.argmind.testkit.Answers.assertSameBits;
import static io.argmind.testkit.Answers.optimal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.problem.ProblemClass;
import io.argmind.problem.Program;
import io.argmind.solution.Solution;
import io.argmind.solution.Status;
import io.argmind.testkit.ConeSort;
import io.argmind.testkit.ConicPrograms;
import io.argmind.testkit.Draw;
import io.argmind.testkit.Enumerated;
import io.argmind.testkit.Hopeless;
import io.argmind.testkit.Manufactured;
import io.argmind.testkit.Shape;
import io.argmind.testkit.Shape.Curvature;
import io.argmind.testkit.Sort;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How every back-end behaves, whatever its answers are: repeatable, in time, and tidy. */
abstract class SolverConduct extends SolverUnderTest {
    private static final double SECOND = 1e9; // nanoseconds

    /** All small programs of this suite that the back-end takes. */
    private List<Program> assortment() {
        List<Program> list = new ArrayList<>();
        for (int seed = 0; seed < SEEDS / 2; seed++) {
            for (Curvature curvature : Curvature.values()) {
                Shape shape = Sort.BOXED.shape(new Draw(seed), curvature);
                Program program = Manufactured.of(seed, shape).program();
                list.add(program);
                list.add(program.withCost(new Draw(seed).gaussians(program.n())));
                list.add(Manufactured.of(seed, shape.withIntegers(1)).program());
            }
            list.add(Enumerated.random(seed, 4, 0, 2, false).program());
            list.add(Hopeless.infeasibleRows(seed, false));
            list.add(Hopeless.unbounded(seed, false));
            list.add(ConicPrograms.known(seed, ConeSort.SECOND_ORDER, Curvature.DENSE).program());
            list.add(ConicPrograms.known(seed, ConeSort.MIXED, Curvature.NONE).program());
        }
        list.removeIf(program -> !isOurs(program));
        return list;
    }

    @Test
    void answersDoNotDependOnWhatWasSolvedBefore() {
        List<Program> programs = assortment();
        List<Solution> alone = programs.stream().map(this::solve).toList();
        try (VerifiedSession session = open()) {
            for (int i = 0; i < programs.size(); i++) {
                assertSameBits(session.solve(programs.get(i), null, limits()), alone.get(i));
            }
            for (int i = programs.size() - 1; i >= 0; i--) {
                assertSameBits(session.solve(programs.get(i), null, limits()), alone.get(i));
                session.resolve(
                        programs.get(i).withCost(new double[programs.get(i).n()]), limits());
                assertSameBits(session.solve(programs.get(i), null, limits()), alone.get(i));
            }
        }
    }

    @Test
    void answersDoNotDependOnThreads() throws Exception {
        List<Program> programs = assortment();
        List<Solution> alone = programs.stream().map(this::solve).toList();
        List<CompletableFuture<List<Solution>>> threads = new ArrayList<>();
        for (int t = 0; t < 2; t++) {
            threads.add(CompletableFuture.supplyAsync(() -> solveAll(programs)));
        }
        for (CompletableFuture<List<Solution>> thread : threads) {
            List<Solution> answers = thread.get(5, TimeUnit.MINUTES);
            for (int i = 0; i < programs.size(); i++) {
                assertSameBits(answers.get(i), alone.get(i));
            }
        }
    }

    private List<Solution> solveAll(List<Program> programs) {
        try (VerifiedSession session = open()) {
            return programs.stream().map(q -> session.solve(q, null, limits())).toList();
        }
    }

    @ParameterizedTest
    @EnumSource
    void keepsTimeLimits(ProblemClass problemClass) {
        if (!isSafe(problemClass)) {
            return;
        }
        Program program = hard(problemClass);
        try (VerifiedSession session = open()) {
            optimalOrNot(session, Manufactured.of(1, Shape.vertex(2, 0, 1, 1)).program());
            long start = System.nanoTime();
            Solution solution =
                    session.solve(program, null, limits().withDeadline(start + 50_000_000L));
            assertThat((System.nanoTime() - start) / SECOND).isLessThan(5);
            assertThat(solution.status()).isIn(Status.TIME_LIMIT, Status.FEASIBLE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void canBeCancelled(ProblemClass problemClass) throws Exception {
        if (!isSafe(problemClass)) {
            return;
        }
        Program program = hard(problemClass);
        try (VerifiedSession session = open()) {
            optimalOrNot(session, Manufactured.of(1, Shape.vertex(2, 0, 1, 1)).program());
            Thread canceller =
                    Thread.ofPlatform()
                            .start(() -> {
                                sleep(200);
                                session.cancel();
                            });
            long start = System.nanoTime();
            Solution solution = session.solve(program, null, limits());
            canceller.join();
            assertThat((System.nanoTime() - start) / SECOND).isLessThan(5);
            assertThat(solution.status()).isIn(Status.TIME_LIMIT, Status.FEASIBLE);
            session.cancel();
            optimalOrNot(session, Manufactured.of(1, Shape.vertex(2, 0, 1, 1)).program());
        }
    }

    /**
     * A small solve where the back-end takes the program: loads classes and natives, and shows that
     * the session is usable.
     */
    private void optimalOrNot(VerifiedSession session, Program program) {
        if (isOurs(program)) {
            optimal(session.solve(program, null, limits()));
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whatever comes back is true: a limit, or a verified answer that was found nevertheless. */
    @Test
    void keepsIterationLimits() {
        for (Program program : assortment()) {
            Limits few = new Limits(1e-8, 1, limits().deadlineNanos());
            try (VerifiedSession session = open()) {
                Solution solution = session.solve(program, null, few);
                if (solution.status() == Status.OPTIMAL) {
                    double expected = optimal(solve(program)).objective();
                    assertThat(optimal(solution).objective()).isCloseTo(expected, within(1e-6));
                }
            }
        }
    }

    @Test
    void closesTwice() {
        VerifiedSession session = open();
        for (Program program : assortment().subList(0, 1)) {
            session.solve(program, null, limits());
        }
        session.close();
        session.cancel();
        session.close();
        open().close();
    }

    @Test
    void estimatesAreFiniteAndPositive() {
        for (Program program : assortment()) {
            assertThat(solver().estimateSeconds(program)).isPositive().isLessThan(1e6);
        }
    }
}
