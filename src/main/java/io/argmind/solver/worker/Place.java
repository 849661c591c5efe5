package io.argmind.solver.worker;

import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Where a session lives: in the process of the thread that uses it, opened there by the first
 * question. If that process is lost, the session is opened anew in another one and the question
 * asked once more; every question carries all that its answer depends on. One that takes two
 * processes with it is not asked again.
 */
final class Place implements AutoCloseable {
    private final String backend;
    private final WorkerPool pool;
    private final Worker.Question name;
    private final Verb opening;
    private @Nullable Lease lease;
    private @Nullable Worker worker; // where it is open
    private int session;
    private @Nullable Worker running; // guarded by this, as the next
    private boolean cancelled;

    /**
     * Nothing is opened yet.
     *
     * @param opening with the name, and what follows it
     */
    Place(WorkerPool pool, String backend, Verb opening, Worker.Question name) {
        this.pool = pool;
        this.backend = backend;
        this.opening = opening;
        this.name = name;
    }

    /** One way of asking, from scratch in a session that is new to its process. */
    interface Exchange<T> {
        /**
         * Asks.
         *
         * @param isNew whether the session has solved nothing yet
         */
        T with(Worker worker, int session, boolean isNew) throws WorkerLostException;
    }

    /** The answer where there is none. */
    interface Otherwise<T> {
        T of(Status status, @Nullable String detail);
    }

    <T> T ask(Limits limits, Exchange<T> exchange, Otherwise<T> otherwise) {
        begin();
        if (limits.isOver()) {
            return otherwise.of(Status.TIME_LIMIT, null);
        }
        for (int attempt = 1; true; attempt++) {
            try {
                return askOnce(limits, exchange);
            } catch (WorkerLostException e) {
                worker = null;
                lease().lost(backend, String.valueOf(e.getMessage()));
                if (e.isStuck() || limits.isOver() || isCancelled()) {
                    return otherwise.of(
                            Status.TIME_LIMIT,
                            "the solver did not stop in time, and its process was ended");
                }
                if (attempt == 2) {
                    return otherwise.of(
                            Status.NUMERICAL_ERROR,
                            "the solver's process ended twice on this instance");
                }
            }
        }
    }

    private <T> T askOnce(Limits limits, Exchange<T> exchange) throws WorkerLostException {
        Worker now = lease().worker(limits);
        boolean isNew = now != worker;
        try {
            if (isNew) {
                session = now.newSession();
                now.tell(
                        out -> {
                            out.writeEnum(opening);
                            out.writeInt(session);
                            name.write(out);
                        },
                        false);
                worker = now;
            }
        } catch (IOException e) {
            throw new WorkerLostException("it was gone before it was asked", false);
        }
        run(now);
        try {
            T answer = exchange.with(now, session, isNew);
            lease().succeeded();
            return answer;
        } finally {
            rest(now);
        }
    }

    private Lease lease() {
        Lease held = lease;
        if (held == null) {
            held = pool.lease();
            held.hold();
            lease = held;
        }
        return held;
    }

    /** Stops the running question; any thread may call this. */
    synchronized void cancel() {
        cancelled = true;
        if (running != null) {
            running.cancel();
        }
    }

    private synchronized void begin() {
        cancelled = false;
    }

    private synchronized boolean isCancelled() {
        return cancelled;
    }

    /** It may have been cancelled while its process was started. */
    private synchronized void run(Worker now) {
        running = now;
        if (cancelled) {
            now.cancel();
        }
    }

    private synchronized void rest(Worker now) {
        running = null;
        now.forget();
    }

    @Override
    public void close() {
        Lease held = lease;
        if (held == null) {
            return;
        }
        lease = null;
        Worker now = worker;
        worker = null;
        if (now != null && held.has(now)) {
            try {
                now.tell(
                        out -> {
                            out.writeEnum(Verb.CLOSE);
                            out.writeInt(session);
                        },
                        true);
            } catch (IOException e) {
                held.lost(backend, "it was gone when its session was closed");
            }
        }
        held.release();
    }
}
