package io.argmind.dispatch;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The seconds of solver threads that each tenant has used, against its quota of a minute: a bucket
 * that fills evenly and that running work may overdraw, so that a tenant comes to wait for what it
 * used too much. Nothing is estimated; what counts is the time that was used.
 */
public final class SolverTime {
    private static final double MINUTE = 60;

    private final Quotas quotas;
    private final LongSupplier clock;
    private final MeterRegistry meters;
    private final Map<Tenant, Bucket> buckets = new HashMap<>();

    /** Seconds that are left, as of a moment. */
    private record Bucket(double seconds, long at) {}

    public SolverTime(Quotas quotas, MeterRegistry meters) {
        this(quotas, System::nanoTime, meters);
    }

    SolverTime(Quotas quotas, LongSupplier clock, MeterRegistry meters) {
        this.quotas = quotas;
        this.clock = clock;
        this.meters = meters;
    }

    /** A tenant has used a solver thread for so long. */
    synchronized void use(Tenant tenant, double seconds) {
        meters.counter("argmind.tenant.solver.seconds", "tenant", quotas.tag(tenant))
                .increment(seconds);
        double quota = quotas.of(tenant).solverSeconds();
        if (quota > 0) {
            buckets.put(tenant, new Bucket(left(tenant, quota) - seconds, clock.getAsLong()));
        }
    }

    /** Seconds until a tenant may have more work done; 0 if it may now. */
    synchronized double wait(Tenant tenant) {
        double quota = quotas.of(tenant).solverSeconds();
        if (quota == 0) {
            return 0;
        }
        double left = left(tenant, quota);
        if (left >= quota) {
            buckets.remove(tenant); // full again, as if it had never been used
        }
        return left > 0 ? 0 : Math.max(0.25, -left * MINUTE / quota);
    }

    private double left(Tenant tenant, double quota) {
        Bucket bucket = buckets.get(tenant);
        if (bucket == null) {
            return quota;
        }
        double since = 1e-9 * (clock.getAsLong() - bucket.at);
        return Math.min(quota, bucket.seconds + since * quota / MINUTE);
    }
}
