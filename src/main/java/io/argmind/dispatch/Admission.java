package io.argmind.dispatch;

import io.argmind.dispatch.OverloadedException.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The door: a request reserves its place and its bytes before its body is read, or is refused at
 * once. The bytes are what it will take on the heap: an estimate at first, what its numbers take
 * while they are read, and then these and what its answer will take. Work in flight is bounded by
 * construction, so that a full replica says so instead of slowing down for everybody. A tenant that
 * has less than an equal part of the places gets in even where others have filled them all, which
 * takes the replica at most to twice its places.
 */
public final class Admission {
    /** No tenant may hold more than so many times the bytes that are left: some are, always. */
    private static final long BYTES_FOR_EACH_LEFT = 3;

    private final DispatchSettings settings;
    private final Quotas quotas;
    private final SolverTime time;
    private final MeterRegistry meters;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong meanNanos = new AtomicLong(50_000_000L);
    private final Map<String, Integer> perClient = new HashMap<>();
    private final Map<Tenant, Held> perTenant = new HashMap<>();
    private @Nullable Ticket waiting; // for more bytes
    private volatile long lastLeft = System.nanoTime();
    private volatile boolean leaving;
    private volatile boolean draining;

    public Admission(
            DispatchSettings settings, Quotas quotas, SolverTime time, MeterRegistry meters) {
        this.settings = settings;
        this.quotas = quotas;
        this.time = time;
        this.meters = meters;
        meters.gauge("argmind.requests.admitted", requests);
        List<Tag> pool = List.of(Tag.of("pool", "requests"));
        meters.gauge("argmind.admission.bytes", pool, bytes);
        Gauge.builder("argmind.admission.bytes.max", settings::maxBytesInFlight)
                .tags(pool)
                .register(meters);
        for (Reason reason : Reason.values()) {
            rejections(reason).increment(0);
        }
        for (String name : quotas.named().keySet()) {
            Tenant tenant = new Tenant(name);
            Gauge.builder("argmind.tenant.requests", this, a -> (double) a.inFlight(tenant))
                    .tag("tenant", name)
                    .register(meters);
        }
    }

    /** What a tenant has in flight. */
    private record Held(int requests, long bytes) {
        private static final Held NOTHING = new Held(0, 0);

        Held plus(int more, long moreBytes) {
            return new Held(requests + more, bytes + moreBytes);
        }
    }

    /** A place that has been reserved; closing gives it back with all that it holds. */
    public final class Ticket implements AutoCloseable, Allowance {
        private final Tenant tenant;
        private final String client;
        private final long ahead;
        private final long start = System.nanoTime();
        private final long patienceNanos;
        private long reserved; // as the rest guarded by the door
        private boolean open = true;

        private Ticket(
                Tenant tenant, String client, long reserved, long ahead, double timeoutSeconds) {
            this.tenant = tenant;
            this.client = client;
            this.reserved = reserved;
            this.ahead = ahead;
            this.patienceNanos =
                    Math.min((long) (1e9 * timeoutSeconds), settings.maxWait().toNanos());
        }

        /** The bytes that it holds. */
        public long held() {
            synchronized (Admission.this) {
                return reserved;
            }
        }

        /**
         * Holds so many bytes from now on, all in all. Less than before is always possible, and
         * more for who holds some alone; beside others, one request may wait until it fits.
         *
         * @throws OverloadedException if that is too much beside others, and an older request waits
         *     already, or there is no time left to wait
         * @throws CancelledException if the thread is interrupted while it waits
         */
        public void hold(long all) {
            resize(this, all);
        }

        @Override
        public void take(long more) {
            if (more > settings.maxBytesInFlight()) {
                throw new TooLargeException(
                        "what comes of this request takes about "
                                + more
                                + " bytes of memory beside its body, more than the "
                                + settings.maxBytesInFlight()
                                + " that all requests together may take; send it in parts");
            }
            hold(held() + more);
        }

        @Override
        public void close() {
            leave(this);
        }
    }

    /**
     * Reserves a place.
     *
     * @param tenant who asks, for what each may use
     * @param client from which address, for the quota per client
     * @param expectedBytes what it will take on the heap until it has been read
     * @param timeoutSeconds how long the client will wait
     * @throws OverloadedException if there is none
     */
    public synchronized Ticket admit(
            Tenant tenant, String client, long expectedBytes, double timeoutSeconds) {
        if (draining) {
            throw refuse(Reason.DRAINING, "this replica is shutting down");
        }
        requireQuota(tenant, client);
        Held held = perTenant.getOrDefault(tenant, Held.NOTHING);
        int tenants = perTenant.size() + (held.requests == 0 ? 1 : 0);
        long now = requests.get() + 1;
        // as many as if everybody had as many as this tenant: the queue is fair
        long ahead = Math.min(now, (held.requests + 1L) * tenants);
        if (ahead > settings.maxRequests() || now > 2L * settings.maxRequests()) {
            throw refuse(
                    Reason.QUEUE_FULL,
                    "this replica already has " + settings.maxRequests() + " requests in flight");
        }
        requirePatience(ahead, timeoutSeconds);
        if (!fits(tenant, held.bytes, bytes.get(), expectedBytes)) {
            throw refuseBytes();
        }
        requests.incrementAndGet();
        bytes.addAndGet(expectedBytes);
        perClient.merge(client, 1, Integer::sum);
        perTenant.put(tenant, held.plus(1, expectedBytes));
        return new Ticket(tenant, client, expectedBytes, now, timeoutSeconds);
    }

    private void requireQuota(Tenant tenant, String client) {
        int ofClient = settings.maxRequestsPerClient();
        if (ofClient > 0 && perClient.getOrDefault(client, 0) >= ofClient) {
            throw refuse(
                    Reason.QUOTA,
                    "this client already has "
                            + ofClient
                            + " requests in flight, as many as one may");
        }
        Quotas.Quota quota = quotas.of(tenant);
        if (quota.requests() > 0 && inFlight(tenant) >= quota.requests()) {
            throw refuseTenant(
                    tenant,
                    "requests",
                    retryAfter(),
                    "this tenant already has "
                            + quota.requests()
                            + " requests in flight, which is its quota");
        }
        double wait = time.wait(tenant);
        if (wait > 0) {
            throw refuseTenant(
                    tenant,
                    "solver-seconds",
                    wait,
                    String.format(
                            Locale.ROOT,
                            "this tenant has used its quota of %s solver seconds in a minute",
                            quota.solverSeconds()));
        }
    }

    private void requirePatience(long ahead, double timeoutSeconds) {
        double wait =
                1e-9
                        * meanNanos.get()
                        * Math.max(0, ahead - settings.threads())
                        / settings.threads();
        double patience = Math.min(timeoutSeconds, 1e-9 * settings.maxWait().toNanos());
        if (wait > patience) {
            throw refuse(
                    Reason.WAIT,
                    String.format(
                            Locale.ROOT,
                            "the wait for a solver thread is about %.1f s, more than %.1f s",
                            wait,
                            patience));
        }
    }

    /**
     * Dynamic thresholds (Choudhury and Hahne 1998): each tenant may hold what is in proportion to
     * what is left, so something is left for those who come, however many others there are. One
     * request alone always fits.
     *
     * @param own what the tenant holds
     * @param all what everybody holds
     */
    private boolean fits(Tenant tenant, long own, long all, long more) {
        long left = settings.maxBytesInFlight() - all;
        boolean fair =
                tenant.equals(Tenant.ANYONE) || own + more <= BYTES_FOR_EACH_LEFT * (left - more);
        return all <= 0 || (more <= left && fair);
    }

    private OverloadedException refuseBytes() {
        return refuse(
                Reason.MEMORY,
                "this replica already holds as many bytes for requests as it may ("
                        + settings.maxBytesInFlight()
                        + "), or as one tenant may beside others");
    }

    /**
     * One request at a time may wait for more while it holds some, and an older one takes its
     * place: two would wait for each other.
     */
    private synchronized void resize(Ticket ticket, long to) {
        if (!ticket.open) {
            return;
        }
        if (to > ticket.reserved && !fits(ticket, to)) {
            awaitBytes(ticket, to);
        }
        Held held = perTenant.getOrDefault(ticket.tenant, Held.NOTHING);
        bytes.addAndGet(to - ticket.reserved);
        perTenant.put(ticket.tenant, held.plus(0, to - ticket.reserved));
        ticket.reserved = to;
        notifyAll();
    }

    private boolean fits(Ticket ticket, long to) {
        Held held = perTenant.getOrDefault(ticket.tenant, Held.NOTHING);
        return fits(ticket.tenant, held.bytes - ticket.reserved, bytes.get() - ticket.reserved, to);
    }

    @SuppressWarnings("ReferenceEquality") // every request has its own ticket
    private void awaitBytes(Ticket ticket, long to) {
        if (waiting != null && waiting.start - ticket.start < 0) {
            throw refuseBytes();
        }
        waiting = ticket;
        notifyAll(); // who waited hears that it does not any more
        long end = System.nanoTime() + ticket.patienceNanos;
        try {
            while (!fits(ticket, to)) {
                long millis = (end - System.nanoTime()) / 1_000_000;
                if (millis <= 0 || waiting != ticket) {
                    throw refuseBytes();
                }
                wait(millis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException();
        } finally {
            if (waiting == ticket) {
                waiting = null;
            }
        }
    }

    private synchronized void leave(Ticket ticket) {
        if (!ticket.open) {
            return;
        }
        ticket.open = false;
        lastLeft = System.nanoTime();
        requests.decrementAndGet();
        bytes.addAndGet(-ticket.reserved);
        perClient.computeIfPresent(ticket.client, (c, count) -> count > 1 ? count - 1 : null);
        perTenant.computeIfPresent(
                ticket.tenant,
                (t, held) -> held.requests > 1 ? held.plus(-1, -ticket.reserved) : null);
        ticket.reserved = 0;
        // it took this long behind so many others, so alone it would have taken its share
        long took =
                (lastLeft - ticket.start)
                        * settings.threads()
                        / Math.max(settings.threads(), ticket.ahead);
        meanNanos.updateAndGet(mean -> mean + (took - mean) / 8);
        notifyAll();
    }

    private OverloadedException refuseTenant(
            Tenant tenant, String quota, double retryAfter, String message) {
        rejections(Reason.QUOTA).increment();
        meters.counter("argmind.tenant.refused", "tenant", quotas.tag(tenant), "quota", quota)
                .increment();
        return new OverloadedException(Reason.QUOTA, message, retryAfter);
    }

    /** The error for work that is refused, counted. */
    private OverloadedException refuse(Reason reason, String message) {
        rejections(reason).increment();
        return new OverloadedException(reason, message, retryAfter());
    }

    private double retryAfter() {
        double drain = 1e-9 * meanNanos.get() * requests.get() / settings.threads();
        return Math.clamp(drain, 0.25, 10) * (1 + 0.5 * ThreadLocalRandom.current().nextDouble());
    }

    private Counter rejections(Reason reason) {
        return meters.counter(
                "argmind.request.rejected", "reason", reason.name().toLowerCase(Locale.ROOT));
    }

    /** Still takes work, but asks every client to open its next connection elsewhere. */
    public void sayGoodbye() {
        leaving = true;
    }

    /** Whether answers should close their connections. */
    public boolean isLeaving() {
        return leaving;
    }

    /** Refuses all new work from now on. */
    public void drain() {
        draining = true;
    }

    /** How long no request has held a place; 0 while one does. */
    public Duration idle() {
        return requests.get() > 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - lastLeft);
    }

    /** How many requests hold a place. */
    public long inFlight() {
        return requests.get();
    }

    private synchronized int inFlight(Tenant tenant) {
        return perTenant.getOrDefault(tenant, Held.NOTHING).requests;
    }
}
