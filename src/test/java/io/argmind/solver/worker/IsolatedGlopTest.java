package io.argmind.solver.worker;

import io.argmind.solver.Solver;
import io.argmind.solver.SolverContract;
import io.argmind.solver.ortools.GlopSolver;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;

/** GLOP keeps every promise in another process too. */
class IsolatedGlopTest extends SolverContract {
    private static final WorkerPool POOL = TestWorker.pool(Path.of(""));

    @AfterAll
    static void stop() {
        POOL.close();
    }

    @Override
    protected Solver solver() {
        return POOL.isolate(new GlopSolver());
    }
}
