package io.argmind.solver.worker;

import io.argmind.solver.Solver;
import io.argmind.solver.SolverContract;
import io.argmind.solver.ortools.HighsSolver;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;

/** HiGHS keeps every promise in another process too. */
class IsolatedHighsTest extends SolverContract {
    private static final WorkerPool POOL = TestWorker.pool(Path.of(""));

    @AfterAll
    static void stop() {
        POOL.close();
    }

    @Override
    protected Solver solver() {
        return POOL.isolate(new HighsSolver());
    }
}
