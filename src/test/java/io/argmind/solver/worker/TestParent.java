package io.argmind.solver.worker;

import io.argmind.solver.Limits;
import io.argmind.solver.Session;
import io.argmind.solver.ortools.GlopSolver;
import java.nio.file.Path;

/** A process with a worker that is busy for an hour. */
final class TestParent {
    private TestParent() {}

    public static void main(String[] args) {
        WorkerPool pool = TestWorker.pool(Path.of(args[0]));
        Session session = pool.isolate(new GlopSolver()).open();
        session.solve(WorkerPoolTest.program(1), null, Limits.generous());
        System.out.println("worker " + pool.pids().getFirst());
        session.solve(WorkerPoolTest.program(Fault.HANG), null, Limits.generous());
    }
}
