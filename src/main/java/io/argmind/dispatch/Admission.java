package io.argmind.dispatch;

import io.argmind.dispatch.OverloadedException.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The door: a request reserves its place and its bytes before its body is read, or is refused at
 * once. Work in flight is bounded by construction, so that a full replica says so instead of
 * slowing down for everybody.
 */
public final class Admission {
    private final DispatchSettings settings;
    private final MeterRegistry meters;
    private final Counter cancelled;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong meanNanos = new AtomicLong(50_000_000L);
    private final ConcurrentHashMap<String, Integer> perClient = new ConcurrentHashMap<>();
    private volatile long lastLeft = System.nanoTime();
    private volatile boolean leaving;
    private volatile boolean draining;

    public Admission(DispatchSettings settings, MeterRegistry meters) {
        this.settings = settings;
        this.meters = meters;
        this.cancelled = meters.counter("argmind.request.cancelled");
        meters.gauge("argmind.requests.admitted", requests);
        meters.gauge("argmind.admission.bytes", bytes);
        meters.gauge("argmind.admission.bytes.max", settings.maxBytesInFlight());
        for (Reason reason : Reason.values()) {
            rejections(reason).increment(0);
        }
    }

    /** A place that has been reserved; closing gives it back. */
    public final class Ticket implements AutoCloseable {
        private final String client;
        private final long reserved;
        private final long ahead;
        private final long start = System.nanoTime();
        private boolean open = true;

        private Ticket(String client, long reserved, long ahead) {
            this.client = client;
            this.reserved = reserved;
            this.ahead = ahead;
        }

        /** Gives it back before there was an answer, because the client has gone. */
        public synchronized void abandon() {
            if (open) {
                cancelled.increment();
                close();
            }
        }

        @Override
        public synchronized void close() {
            if (open) {
                open = false;
                bytes.addAndGet(-reserved);
                leave(client);
                // it took this long behind so many others, so alone it would have taken its share
                long took =
                        (System.nanoTime() - start)
                                * settings.threads()
                                / Math.max(settings.threads(), ahead);
                meanNanos.updateAndGet(mean -> mean + (took - mean) / 8);
            }
        }
    }

    /**
     * Reserves a place.
     *
     * @param client who asks, for the quota per client
     * @param bodyBytes the size of the body, or the largest allowed if the client does not say
     * @param timeoutSeconds how long the client will wait
     * @throws OverloadedException if there is none
     */
    public Ticket admit(String client, long bodyBytes, double timeoutSeconds) {
        if (draining) {
            throw refuse(Reason.DRAINING, "this replica is shutting down");
        }
        int quota = settings.maxRequestsPerClient();
        long now = requests.incrementAndGet();
        if (perClient.merge(client, 1, Integer::sum) > quota && quota > 0) {
            leave(client);
            throw refuse(Reason.QUOTA, "this client already has " + quota + " requests in flight");
        }
        if (now > settings.maxRequests()) {
            leave(client);
            throw refuse(
                    Reason.QUEUE_FULL,
                    "this replica already has " + settings.maxRequests() + " requests in flight");
        }
        double wait =
                1e-9 * meanNanos.get() * Math.max(0, now - settings.threads()) / settings.threads();
        double patience = Math.min(timeoutSeconds, 1e-9 * settings.maxWait().toNanos());
        if (wait > patience) {
            leave(client);
            throw refuse(
                    Reason.WAIT,
                    String.format(
                            Locale.ROOT,
                            "the wait for a solver thread is about %.1f s, more than %.1f s",
                            wait,
                            patience));
        }
        if (bytes.addAndGet(bodyBytes) > settings.maxBytesInFlight() && bytes.get() != bodyBytes) {
            bytes.addAndGet(-bodyBytes);
            leave(client);
            throw refuse(
                    Reason.MEMORY,
                    "this replica already holds as many request bytes as it may ("
                            + settings.maxBytesInFlight()
                            + ")");
        }
        return new Ticket(client, bodyBytes, now);
    }

    private void leave(String client) {
        lastLeft = System.nanoTime();
        requests.decrementAndGet();
        perClient.computeIfPresent(client, (c, count) -> count > 1 ? count - 1 : null);
    }

    /** The error for work that is refused, counted. */
    OverloadedException refuse(Reason reason, String message) {
        rejections(reason).increment();
        double drain = 1e-9 * meanNanos.get() * requests.get() / settings.threads();
        double wait =
                Math.clamp(drain, 0.25, 10) * (1 + 0.5 * ThreadLocalRandom.current().nextDouble());
        return new OverloadedException(reason, message, wait);
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
}
