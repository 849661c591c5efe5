package io.argmind.solver.worker;

import io.argmind.problem.Program;
import io.argmind.solver.Capabilities;
import io.argmind.solver.Session;
import io.argmind.solver.Solver;
import java.util.Optional;

/** A back-end whose sessions are in processes of a pool; what needs no session is asked here. */
record SolverInWorker(Solver solver, WorkerPool pool) implements Solver {
    @Override
    public Capabilities capabilities() {
        return solver.capabilities();
    }

    @Override
    public Optional<String> refuse(Program program) {
        return solver.refuse(program);
    }

    /** The same, so that {@code auto} picks the same with and without processes. */
    @Override
    public double estimateSeconds(Program program) {
        return solver.estimateSeconds(program);
    }

    @Override
    public boolean isolated() {
        return true;
    }

    @Override
    public Session open() {
        return new SessionInWorker(pool, solver.name());
    }
}
