package io.argmind.solver.worker;

import io.argmind.solver.Limits;
import org.jspecify.annotations.Nullable;

/**
 * The process of one thread, as long as that thread has sessions open: all of them are in the same
 * one, since the thread asks one at a time.
 */
final class Lease {
    private final WorkerPool pool;
    private final Thread thread;
    private int holders;
    private int failures;
    private @Nullable Worker worker;

    Lease(WorkerPool pool, Thread thread) {
        this.pool = pool;
        this.thread = thread;
    }

    /** One more session is open. */
    void hold() {
        holders++;
    }

    /** A session is closed. */
    void release() {
        holders--;
        if (holders == 0) {
            pool.end(thread, worker);
            worker = null;
        }
    }

    /** Whether this is the process that the thread has now. */
    @SuppressWarnings("ReferenceEquality") // a process is nobody's equal
    boolean has(Worker one) {
        return worker == one;
    }

    /** The process, which is a new one where the last was lost. */
    Worker worker(Limits limits) throws WorkerLostException {
        Worker now = worker;
        if (now == null) {
            now = pool.take(failures, limits);
            worker = now;
        }
        return now;
    }

    /** The process answered. */
    void succeeded() {
        failures = 0;
    }

    /** The process is gone. */
    void lost(String backend, String how) {
        failures++;
        Worker now = worker;
        worker = null;
        if (now != null) {
            pool.lost(now, backend, how);
        }
    }
}
