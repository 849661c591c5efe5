package io.argmind.solver.ortools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.argmind.problem.Program;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.Session;
import io.argmind.testkit.Manufactured;
import io.argmind.testkit.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Native memory, which no heap dump shows: nothing may be left behind, and the test must be able to
 * see it if something is.
 */
class LeakTest {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int SIZE = 20;
    private static final List<Program> PROGRAMS =
            IntStream.range(0, 10)
                    .mapToObj(k -> Manufactured.of(k, Shape.vertex(SIZE, 2, 8, SIZE)).program())
                    .toList();

    @Test
    void solvesLeaveNothingBehind() throws IOException {
        assumeTrue(Files.exists(STATUS), "needs /proc");
        solveInNewSessions(3000); // heap, pools and caches fill
        int live = OrToolsLibrary.liveObjects();
        long before = residentKiB();
        solveInNewSessions(10_000);
        assertThat(residentKiB() - before).as("KiB").isLessThan(100 * 1024);
        assertThat(OrToolsLibrary.liveObjects()).isEqualTo(live);
    }

    /** The control: models that are kept must show. */
    @Test
    void whatIsLeftBehindShows() throws IOException {
        assumeTrue(Files.exists(STATUS), "needs /proc");
        int live = OrToolsLibrary.liveObjects();
        long before = residentKiB();
        List<Session> open = new ArrayList<>();
        try {
            for (int k = 0; k < 3000; k++) {
                Session session = new GlopSolver().open();
                session.solve(PROGRAMS.get(k % 10), null, Limits.generous());
                open.add(session);
            }
            assertThat(residentKiB() - before).as("KiB").isGreaterThan(100 * 1024);
            assertThat(OrToolsLibrary.liveObjects()).isGreaterThanOrEqualTo(live + 3000);
        } finally {
            open.forEach(Session::close);
        }
        assertThat(OrToolsLibrary.liveObjects()).isEqualTo(live);
    }

    private static void solveInNewSessions(int count) {
        GlopSolver solver = new GlopSolver();
        for (int k = 0; k < count; k++) {
            try (Session session = solver.open()) {
                assertThat(session.solve(PROGRAMS.get(k % 10), null, Limits.generous()).status())
                        .isEqualTo(Status.OPTIMAL);
            }
        }
    }

    private static long residentKiB() throws IOException {
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }
}
