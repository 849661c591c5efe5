package io.argmind.solver.worker;

import static io.argmind.testkit.Write.below;
import static io.argmind.testkit.Write.box;
import static io.argmind.testkit.Write.cost;
import static io.argmind.testkit.Write.v;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.Session;
import io.argmind.solver.Solver;
import io.argmind.solver.ortools.GlopSolver;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Workers that really crash, hang, talk nonsense and are killed. */
class WorkerPoolTest {
    private static final Solver GLOP = new GlopSolver();

    @TempDir private Path notes = Path.of("");
    private WorkerPool pool = TestWorker.pool(Path.of(""));
    private Solver solver = GLOP;

    @BeforeEach
    void start() {
        pool = TestWorker.pool(notes);
        solver = pool.isolate(GLOP);
    }

    @AfterEach
    void stop() throws InterruptedException {
        List<Long> pids = pool.pids();
        pool.close();
        await(() -> pids.stream().noneMatch(WorkerPoolTest::exists));
    }

    static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited in vain").isLessThan(end);
            Thread.sleep(10);
        }
    }

    private static boolean exists(long pid) {
        return ProcessHandle.of(pid).isPresent();
    }

    /** max c'x over x >= 0, x1 + x2 &lt;= 1, except for the sign. */
    static Program program(double first) {
        return box(below(cost(first, 1), v(1, 1), 1), 0, 1);
    }

    static Program program(Fault fault) {
        return program(fault.cost());
    }

    private static Claim expected(Program program) {
        try (Session session = GLOP.open()) {
            return session.solve(program, null, Limits.generous());
        }
    }

    private static void assertSame(Claim actual, Program program) {
        Claim expected = expected(program);
        assertThat(actual.status()).as(String.valueOf(actual.detail())).isEqualTo(Status.OPTIMAL);
        assertThat(actual.x()).isEqualTo(expected.x());
        assertThat(actual.y()).isEqualTo(expected.y());
        assertThat(actual.z()).isEqualTo(expected.z());
        assertThat(actual.zBox()).isEqualTo(expected.zBox());
        assertThat(actual.iterations()).isEqualTo(expected.iterations());
    }

    private static Claim solve(Session session, Program program) {
        return session.solve(program, null, Limits.generous());
    }

    @Test
    void aCrashCostsARetryAndIsNotSeen() {
        try (Session session = solver.open()) {
            assertSame(solve(session, program(1)), program(1));
            long first = pool.pids().getFirst();
            assertSame(solve(session, program(Fault.SEGV_ONCE)), program(Fault.SEGV_ONCE));
            assertSame(solve(session, program(2)), program(2));
            assertThat(pool.pids()).hasSize(1).doesNotContain(first);
        }
        assertThat(pool.restarts()).isEqualTo(1);
        assertThat(pool.stuck()).isZero();
    }

    /** The instance that does it fails; those around it, and other threads, notice nothing. */
    @ParameterizedTest
    @EnumSource(names = {"SEGV", "ABORT", "EXIT", "HALT", "OUT_OF_MEMORY", "GARBLE"})
    void anInstanceThatKillsTwiceFailsAlone(Fault fault) throws Exception {
        assumeTrue(fault != Fault.GARBLE || Files.exists(Path.of("/proc/self/fd")));
        CompletableFuture<Void> open = new CompletableFuture<>();
        CompletableFuture<Void> over = new CompletableFuture<>();
        CompletableFuture<Long> neighbour =
                CompletableFuture.supplyAsync(() -> {
                    try (Session session = solver.open()) {
                        assertSame(solve(session, program(3)), program(3));
                        long pid = pool.pids().getFirst();
                        open.complete(null);
                        over.join();
                        assertSame(solve(session, program(4)), program(4));
                        return pid;
                    }
                });
        open.get(1, TimeUnit.MINUTES);
        try (Session session = solver.open()) {
            assertSame(solve(session, program(1)), program(1));
            Claim claim = solve(session, program(fault));
            assertThat(claim.status()).isEqualTo(Status.NUMERICAL_ERROR);
            assertThat(claim.detail()).contains("ended twice");
            assertSame(solve(session, program(2)), program(2));
        } finally {
            over.complete(null);
        }
        assertThat(pool.pids()).contains(neighbour.get(1, TimeUnit.MINUTES));
        assertThat(pool.restarts()).isEqualTo(2);
    }

    @Test
    void oneThatHangsIsEnded() {
        try (Session session = solver.open()) {
            assertSame(solve(session, program(1)), program(1));
            long start = System.nanoTime();
            Claim claim =
                    session.solve(
                            program(Fault.HANG),
                            null,
                            Limits.generous().withDeadline(start + 200_000_000L));
            assertThat(claim.status()).isEqualTo(Status.TIME_LIMIT);
            assertThat(System.nanoTime() - start)
                    .isBetween(Worker.GRACE_NANOS, Worker.GRACE_NANOS + 20_000_000_000L);
            assertThat(pool.stuck()).isEqualTo(1);
            assertSame(solve(session, program(2)), program(2));
        }
        assertThat(pool.restarts()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"HANG", "SLEEP"})
    void cancelEndsASolveOneWayOrTheOther(Fault fault) throws Exception {
        try (Session session = solver.open()) {
            assertSame(solve(session, program(1)), program(1));
            CompletableFuture<Void> canceller =
                    CompletableFuture.runAsync(
                            session::cancel,
                            CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS));
            long start = System.nanoTime();
            Claim claim = solve(session, program(fault));
            canceller.get();
            assertThat(claim.status()).isEqualTo(Status.TIME_LIMIT);
            long most = fault == Fault.SLEEP ? 0 : Worker.GRACE_NANOS;
            assertThat(System.nanoTime() - start).isLessThan(most + 20_000_000_000L);
            assertThat(pool.stuck()).isEqualTo(fault == Fault.SLEEP ? 0 : 1);
            assertSame(solve(session, program(2)), program(2));
        }
    }

    /** The process is started for this question, which takes longer than somebody waits. */
    @Test
    void cancelIsHeardWhileTheProcessStarts() throws Exception {
        try (Session session = solver.open()) {
            CompletableFuture<Void> canceller =
                    CompletableFuture.runAsync(
                            session::cancel,
                            CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));
            long start = System.nanoTime();
            Limits limits = Limits.generous().withDeadline(start + 60_000_000_000L);
            Claim claim = session.solve(program(Fault.SLEEP), null, limits);
            canceller.get();
            assertThat(claim.status()).isEqualTo(Status.TIME_LIMIT);
            assertThat(System.nanoTime() - start).isLessThan(30_000_000_000L);
            assertThat(pool.stuck()).isZero();
            assertSame(solve(session, program(2)), program(2));
        }
    }

    @Test
    void whatNativeCodePrintsDisturbsNobody() {
        try (Session session = solver.open()) {
            assertSame(solve(session, program(Fault.CHATTER)), program(Fault.CHATTER));
            assertSame(solve(session, program(1)), program(1));
        }
        assertThat(pool.restarts()).isZero();
    }

    @Test
    void exceptionsCrossTheBorder() {
        try (Session session = solver.open()) {
            assertThatThrownBy(() -> solve(session, program(Fault.THROW)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("on purpose");
            assertSame(solve(session, program(1)), program(1));
        }
        assertThat(pool.restarts()).isZero();
    }

    @Test
    void aKilledWorkerIsReplacedInTheMiddleOfASolve() throws Exception {
        try (Session session = solver.open()) {
            assertSame(solve(session, program(1)), program(1));
            Path note = notes.resolve(Fault.SLEEP_ONCE.name());
            CompletableFuture<Void> killer =
                    CompletableFuture.runAsync(() -> {
                        try {
                            await(() -> Files.exists(note));
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        ProcessHandle.of(pool.pids().getFirst()).orElseThrow().destroyForcibly();
                    });
            assertSame(solve(session, program(Fault.SLEEP_ONCE)), program(Fault.SLEEP_ONCE));
            killer.get();
        }
        assertThat(pool.restarts()).isEqualTo(1);
    }

    @Test
    void aWorkerKilledWhileIdleIsNotGivenToAnybody() throws Exception {
        try (Session session = solver.open()) {
            solve(session, program(1));
        }
        long pid = pool.pids().getFirst();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        await(() -> !exists(pid));
        try (Session session = solver.open()) {
            assertSame(solve(session, program(2)), program(2));
        }
        assertThat(pool.restarts()).isEqualTo(1);
    }

    /** A re-solve goes on from the solve before, also where that was in another process. */
    @Test
    void whatASessionKnewIsFoundOutAgain() {
        Program first = program(1);
        Program next = first.withCost(v(Fault.SEGV_ONCE.cost(), 1));
        Claim undisturbed;
        try (Session session = GLOP.open()) {
            solve(session, first);
            undisturbed = session.resolve(next, Limits.generous());
        }
        try (Session session = solver.open()) {
            solve(session, first);
            Claim claim = session.resolve(next, Limits.generous());
            assertThat(claim.x()).isEqualTo(undisturbed.x());
            assertThat(claim.z()).isEqualTo(undisturbed.z());
            assertThat(claim.iterations())
                    .isEqualTo(undisturbed.iterations())
                    .isNotEqualTo(expected(next).iterations());
        }
        assertThat(pool.restarts()).isEqualTo(1);
    }

    /** Two sessions of a thread share a process, and both survive its end. */
    @Test
    void sessionsOfAThreadAreLostAndFoundTogether() {
        try (Session one = solver.open();
                Session other = solver.open()) {
            assertSame(solve(one, program(1)), program(1));
            assertSame(solve(other, program(2)), program(2));
            assertThat(pool.pids()).hasSize(1);
            assertThat(solve(one, program(Fault.SEGV)).status()).isEqualTo(Status.NUMERICAL_ERROR);
            assertSame(solve(other, program(3)), program(3));
            assertSame(solve(one, program(4)), program(4));
            assertThat(pool.pids()).hasSize(1);
        }
        assertThat(pool.restarts()).isEqualTo(2);
    }

    @Test
    void crashesLeaveNothingBehind() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/fd")), "needs /proc");
        try (Session session = solver.open()) {
            solve(session, program(1));
        }
        long files = count(Path.of("/proc/self/fd"), "");
        long scratch = count(temporary(), "argmind-worker");
        for (int k = 0; k < 4; k++) {
            try (Session session = solver.open()) {
                assertThat(solve(session, program(Fault.SEGV)).status())
                        .isEqualTo(Status.NUMERICAL_ERROR);
                solve(session, program(1));
            }
        }
        await(() -> count(Path.of("/proc/self/fd"), "") <= files + 2);
        await(() -> count(temporary(), "argmind-worker") <= scratch);
        assertThat(zombies()).isEmpty();
        assertThat(pool.pids()).hasSize(1);
    }

    private static Path temporary() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    private static long count(Path directory, String prefix) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> String.valueOf(f.getFileName()).startsWith(prefix)).count();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Children of this process that nobody has waited for. */
    private static List<String> zombies() throws IOException {
        String parent = " Z " + ProcessHandle.current().pid() + " ";
        List<String> found = new ArrayList<>();
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            for (Path process : all.filter(p -> p.toString().matches("/proc/\\d+")).toList()) {
                try {
                    String stat = Files.readString(process.resolve("stat"));
                    if (stat.contains(parent)) {
                        found.add(stat);
                    }
                } catch (IOException e) {
                    // it is gone
                }
            }
        }
        return found;
    }

    @Test
    void noChildOutlivesItsParent() throws Exception {
        Process parent =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "--add-modules=jdk.incubator.vector",
                                "-cp",
                                System.getProperty("java.class.path"),
                                TestParent.class.getName(),
                                notes.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (BufferedReader out = parent.inputReader(StandardCharsets.UTF_8)) {
            String line = String.valueOf(out.readLine());
            assertThat(line).startsWith("worker ");
            long pid = Long.parseLong(line.substring("worker ".length()));
            assertThat(exists(pid)).isTrue();
            parent.destroyForcibly().waitFor();
            await(() -> !exists(pid));
        } finally {
            parent.destroyForcibly();
        }
    }
}
