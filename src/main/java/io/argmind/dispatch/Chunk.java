package io.argmind.dispatch;

import io.argmind.solver.Ladder;
import io.argmind.solver.Limits;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Consecutive instances that one thread works on in a session of their own. */
final class Chunk<S extends Ladder> implements Supplier<S> {
    /** How long a solver may take to stop. */
    static final long GRACE_NANOS = 250_000_000L;

    private final Supplier<S> opening;
    private final Progress progress;
    private volatile long overdueAt = System.nanoTime() + Long.MAX_VALUE / 4;
    private volatile @Nullable S session;

    Chunk(Supplier<S> opening, Progress progress) {
        this.opening = opening;
        this.progress = progress;
    }

    /** The session, opened when first asked for. */
    @Override
    public S get() {
        S open = session;
        if (open == null) {
            open = opening.get();
            session = open;
        }
        return open;
    }

    /** Limits for each solve to come, of which the watchdog hears; no time if nobody waits. */
    Supplier<Limits> limits(SolveOptions options) {
        return () -> {
            Limits limits = options.limits();
            if (progress.isAbandoned()) {
                limits = limits.withDeadline(System.nanoTime());
            }
            overdueAt = limits.deadlineNanos() + GRACE_NANOS;
            return limits;
        };
    }

    /** Whether what runs has overrun its limit, or is waited for by nobody. */
    boolean isUnwanted(long now) {
        return now - overdueAt > 0 || progress.isAbandoned();
    }

    /** Asks what runs to stop; from any thread. */
    void cancel() {
        S open = session;
        if (open != null) {
            open.cancel();
        }
    }

    /** Returns how many solves needed another back-end than the plan's first. */
    int close() {
        S open = session;
        if (open == null) {
            return 0;
        }
        int climbs = open.climbs();
        session = null;
        open.close();
        return climbs;
    }
}
