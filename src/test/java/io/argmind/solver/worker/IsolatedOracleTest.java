package io.argmind.solver.worker;

import io.argmind.solver.Oracle;
import io.argmind.solver.OracleContract;
import io.argmind.solver.ortools.discrete.OrToolsGraphOracle;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;

/** OR-Tools' graph algorithms keep every promise in another process too. */
class IsolatedOracleTest extends OracleContract {
    private static final WorkerPool POOL = TestWorker.pool(Path.of(""));

    @AfterAll
    static void stop() {
        POOL.close();
    }

    @Override
    protected Oracle oracle() {
        return POOL.isolate(new OrToolsGraphOracle());
    }

    /** 53 bits of the largest cost, on a few dozen edges. */
    @Override
    protected double resolution() {
        return 1e-14;
    }

    @Override
    protected int sets() {
        return 40;
    }
}
