package io.argmind.solver.interior;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.linalg.StoppedException;
import io.argmind.linalg.WorkingMemory;
import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.solver.Direction;
import io.argmind.solver.Limits;
import io.argmind.solver.Line;
import io.argmind.solver.WarmStart;
import io.argmind.solver.interior.LanePrograms.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Sessions share memory that does not suffice for all of them at once. */
class InteriorMemoryTest {
    private static final Program PROGRAM = withoutFixed();
    private static final long GROUP = Structure.of(List.of(PROGRAM)).bytesAtWork();
    private static final List<@Nullable WarmStart> COLD = Collections.nCopies(1, null);

    /** Room for one group, and a half. */
    private final WorkingMemory memory = new WorkingMemory(3 * GROUP / 2);

    private final Groups groups = new Groups(memory);
    private final SingleSolve single = new SingleSolve(memory);

    /** Directions exist only where no variable is fixed. */
    private static Program withoutFixed() {
        return LongStream.iterate(1, seed -> seed + 1)
                .mapToObj(seed -> LanePrograms.good(Kind.QUADRATIC, seed))
                .filter(q -> IntStream.range(0, q.n()).noneMatch(i -> q.lb()[i] == q.ub()[i]))
                .findFirst()
                .orElseThrow();
    }

    private InteriorSession session() {
        return new InteriorSession(groups, single);
    }

    private static Limits over() {
        return Limits.generous().withDeadline(System.nanoTime());
    }

    private static Claim solve(InteriorSession session, Program program, Supplier<Limits> limits) {
        return session.solveAll(List.of(program), COLD, limits).getFirst();
    }

    /** More threads than groups fit: all get their turn, and nothing is left over. */
    @Test
    void allThreadsGetTheirTurn() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                running.add(
                        threads.submit(() -> {
                            InteriorSession session = session();
                            for (int k = 0; k < 50; k++) {
                                Claim claim = solve(session, PROGRAM, Limits::generous);
                                assertThat(claim.status()).isEqualTo(Status.OPTIMAL);
                                assertThat(memory.used()).isLessThanOrEqualTo(GROUP);
                            }
                        }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
        assertThat(memory.used()).isZero();
    }

    /** Somebody else has the memory for as long as there is time. */
    @Test
    void timeRunsOutWhileWaiting() {
        Claim star = solve(session(), PROGRAM, Limits::generous);
        WarmStart solution =
                new WarmStart(Objects.requireNonNull(star.x()), star.y(), star.z(), star.zBox());
        Line line = new Line(PROGRAM, solution, new double[PROGRAM.n()], null, null);
        try (WorkingMemory.Share others = memory.open(() -> false)) {
            others.take(GROUP);
            Claim claim = solve(session(), PROGRAM, InteriorMemoryTest::over);
            assertThat(claim.status()).isEqualTo(Status.TIME_LIMIT);
            assertThat(claim.detail()).contains("others had the memory");
            assertThat(
                            session()
                                    .solveAlong(
                                            List.of(line, line),
                                            new double[] {0.1, -0.1},
                                            InteriorMemoryTest::over))
                    .extracting(Claim::status)
                    .containsExactly(Status.TIME_LIMIT, Status.TIME_LIMIT);
            assertThat(session().directions(List.of(line), InteriorMemoryTest::over))
                    .containsExactly(new Direction[] {null});
            assertThat(memory.used()).isEqualTo(GROUP);
        }
        assertThat(memory.used()).isZero();
        assertThat(session().directions(List.of(line), Limits::generous)).doesNotContainNull();
        assertThat(memory.used()).isZero();
    }

    /** A client that goes away ends the wait. */
    @Test
    void whoIsCancelledWaitsNoLonger() throws Exception {
        try (WorkingMemory.Share others = memory.open(() -> false);
                ExecutorService threads = Executors.newFixedThreadPool(1)) {
            others.take(GROUP);
            InteriorSession session = session();
            Future<Claim> waiting = threads.submit(() -> solve(session, PROGRAM, Limits::generous));
            while (!waiting.isDone()) {
                session.cancel(); // until it has begun, and hears of it
                Thread.onSpinWait();
            }
            assertThat(waiting.get().status()).isEqualTo(Status.TIME_LIMIT);
            assertThat(memory.used()).isEqualTo(GROUP);
        }
    }

    /** A program that is too large for this memory is solved alone, or said to be too large. */
    @Test
    void whatHasNoLanesIsSolvedAlone() {
        WorkingMemory small = new WorkingMemory(GROUP / 2);
        InteriorSession session = new InteriorSession(new Groups(small), new SingleSolve(small));
        assertThat(solve(session, PROGRAM, Limits::generous).status()).isEqualTo(Status.OPTIMAL);
        WorkingMemory tiny = new WorkingMemory(100);
        InteriorSession hopeless = new InteriorSession(new Groups(tiny), new SingleSolve(tiny));
        Claim claim = solve(hopeless, PROGRAM, Limits::generous);
        assertThat(claim.status()).isEqualTo(Status.NUMERICAL_ERROR);
        assertThat(claim.detail()).contains("more than the 100");
        assertThat(small.used() + tiny.used()).isZero();
    }

    /** What the lanes get stuck on is solved alone: by then the group has been left. */
    @Test
    void nobodyWaitsForMemoryWhileHoldingSome() {
        for (Program bad : LanePrograms.bad(Kind.QUADRATIC, 2)) {
            WorkingMemory exact = new WorkingMemory(Structure.of(List.of(bad)).bytesAtWork());
            InteriorSession session =
                    new InteriorSession(new Groups(exact), new SingleSolve(exact));
            Claim claim = solve(session, bad, Limits::generous);
            assertThat(claim.status()).as("%s", claim.detail()).isNotEqualTo(Status.TIME_LIMIT);
            assertThat(exact.used()).isZero();
        }
    }

    /** {@link StoppedException} stays within the engine. */
    @Test
    void factorsThatWaitInVainAreOutOfTime() {
        Program program = LanePrograms.good(Kind.QUADRATIC, 1);
        try (WorkingMemory.Share others = memory.open(() -> false)) {
            others.take(memory.capacity());
            Claim claim = single.solve(program, null, Limits.generous(), () -> true);
            assertThat(claim.status()).isEqualTo(Status.TIME_LIMIT);
            assertThat(claim.detail()).contains("others had the memory");
        }
    }
}
