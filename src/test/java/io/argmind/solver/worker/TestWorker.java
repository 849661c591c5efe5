package io.argmind.solver.worker;

import io.argmind.solver.ortools.CpSatSolver;
import io.argmind.solver.ortools.HighsSolver;
import io.argmind.solver.ortools.OrToolsLibrary;
import io.argmind.solver.ortools.ScipSolver;
import io.argmind.solver.ortools.discrete.CpSatOracle;
import io.argmind.solver.ortools.discrete.OrToolsGraphOracle;
import java.nio.file.Path;
import java.util.List;

/** A worker with some of the service's back-ends, and {@link FaultySolver} in place of GLOP. */
final class TestWorker {
    private TestWorker() {}

    public static void main(String[] args) {
        WorkerProcess.run(Path.of(args[0]), TestWorker::backends);
    }

    private static WorkerProcess.Backends backends() {
        return new WorkerProcess.Backends(
                List.of(new FaultySolver(), new HighsSolver(), new ScipSolver(), new CpSatSolver()),
                List.of(new OrToolsGraphOracle(), new CpSatOracle()));
    }

    /** A pool of such workers that keeps two. */
    static WorkerPool pool(Path notes) {
        return new WorkerPool(
                new WorkerCommand(
                        List.of(
                                "-cp",
                                System.getProperty("java.class.path"),
                                "-D" + FaultySolver.NOTES + "=" + notes,
                                TestWorker.class.getName()),
                        128L << 20,
                        OrToolsLibrary.directory().orElse(null)),
                2);
    }
}
