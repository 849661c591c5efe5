package io.argmind.solver.worker;

import io.argmind.problem.discrete.Discrete;
import io.argmind.problem.discrete.Kind;
import io.argmind.solver.Oracle;
import io.argmind.solver.OracleSession;
import java.util.Optional;
import java.util.Set;

/** An oracle whose sessions are in processes of a pool; what needs no session is asked here. */
record OracleInWorker(Oracle oracle, WorkerPool pool) implements Oracle {
    @Override
    public String name() {
        return oracle.name();
    }

    @Override
    public String version() {
        return oracle.version();
    }

    @Override
    public Set<Kind> kinds() {
        return oracle.kinds();
    }

    @Override
    public String notes() {
        return oracle.notes();
    }

    @Override
    public Optional<String> refuse(Discrete set) {
        return oracle.refuse(set);
    }

    @Override
    public boolean interruptible() {
        return oracle.interruptible();
    }

    @Override
    public double estimateSeconds(Discrete set) {
        return oracle.estimateSeconds(set);
    }

    @Override
    public boolean isolated() {
        return true;
    }

    @Override
    public OracleSession open(Discrete set) {
        return new OracleSessionInWorker(pool, oracle.name(), set);
    }
}
