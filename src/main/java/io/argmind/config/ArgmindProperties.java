package io.argmind.config;

import io.argmind.dispatch.DispatchSettings;
import io.argmind.dispatch.Quotas;
import io.argmind.dispatch.Quotas.Quota;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What an operator may turn, {@code argmind.*}.
 *
 * @param solver threads that solve
 * @param limits of requests
 * @param tenants that have quotas of their own, by name
 * @param retained solves kept for their backward pass
 * @param registered problems kept for later requests
 * @param drain how long the service keeps answering, saying goodbye on every connection, before it
 *     stops
 * @param warmUp how long after the start the service rehearses, while nobody asks for anything
 */
@ConfigurationProperties("argmind")
public record ArgmindProperties(
        @DefaultValue Solver solver,
        @DefaultValue Limits limits,
        @DefaultValue Map<String, OfTenant> tenants,
        @DefaultValue Kept retained,
        @DefaultValue Kept registered,
        @DefaultValue("10s") Duration drain,
        @DefaultValue("20s") Duration warmUp) {

    /**
     * Threads that solve.
     *
     * @param threads 0 means as many as processors
     * @param isolation where native back-ends work
     * @param workerHeap the largest heap of a process of theirs; null means four times the largest
     *     body
     */
    public record Solver(
            @DefaultValue("0") int threads,
            @DefaultValue("none") Isolation isolation,
            @Nullable DataSize workerHeap) {
        int count() {
            return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
        }
    }

    /** Where native back-ends work. */
    public enum Isolation {
        /** In this process, which they may take with them. */
        NONE,
        /** In processes of their own. */
        PROCESS
    }

    /**
     * What is taken on.
     *
     * @param requests in flight; 0 means five per solver thread
     * @param requestsPerClient in flight from one address; 0 means no limit of its own
     * @param requestsPerTenant in flight of one tenant; 0 means no limit of its own
     * @param solverSeconds that a tenant may use in a minute; 0 means no limit
     * @param body the largest body
     * @param bytesInFlight 0 means a quarter of the heap
     * @param maxWait the longest wait for a solver thread that is expected of anybody
     * @param deadline of requests that name none
     * @param maxDeadline the longest a request may name
     * @param instances the largest batch
     */
    public record Limits(
            @DefaultValue("0") int requests,
            @DefaultValue("0") int requestsPerClient,
            @DefaultValue("0") int requestsPerTenant,
            @DefaultValue("0") double solverSeconds,
            @DefaultValue("64MB") DataSize body,
            @DefaultValue("0B") DataSize bytesInFlight,
            @DefaultValue("10s") Duration maxWait,
            @DefaultValue("60s") Duration deadline,
            @DefaultValue("600s") Duration maxDeadline,
            @DefaultValue("4096") int instances) {}

    /**
     * What a tenant may use.
     *
     * @param requests in flight; null means as others
     * @param solverSeconds in a minute; null means as others
     * @param weight of its share of the solver threads
     */
    public record OfTenant(
            @Nullable Integer requests,
            @Nullable Double solverSeconds,
            @DefaultValue("1") double weight) {}

    /**
     * What is kept between requests.
     *
     * @param memory null means a tenth of the heap, at most 1 GB
     * @param age since the last use
     */
    public record Kept(@Nullable DataSize memory, @DefaultValue("10m") Duration age) {
        long bytes() {
            return memory == null
                    ? Math.min(Runtime.getRuntime().maxMemory() / 10, 1L << 30)
                    : memory.toBytes();
        }
    }

    Quotas quotas() {
        Quota others = new Quota(limits.requestsPerTenant(), limits.solverSeconds(), 1);
        Map<String, Quota> named = new TreeMap<>();
        tenants.forEach((name, own) ->
                named.put(
                        name,
                        new Quota(
                                Objects.requireNonNullElse(own.requests(), others.requests()),
                                Objects.requireNonNullElse(
                                        own.solverSeconds(), others.solverSeconds()),
                                own.weight())));
        return new Quotas(others, named);
    }

    /** The largest heap of a process of native back-ends. */
    long workerHeapBytes() {
        DataSize heap = solver.workerHeap();
        return heap == null ? 4 * limits.body().toBytes() : heap.toBytes();
    }

    DispatchSettings dispatch() {
        int threads = solver.count();
        long inFlight = limits.bytesInFlight().toBytes();
        return new DispatchSettings(
                threads,
                limits.requests() > 0 ? limits.requests() : 5 * threads,
                limits.requestsPerClient(),
                limits.body().toBytes(),
                inFlight > 0 ? inFlight : Runtime.getRuntime().maxMemory() / 4,
                limits.maxWait(),
                limits.deadline(),
                limits.maxDeadline(),
                limits.instances(),
                retained.bytes(),
                retained.age(),
                registered.bytes(),
                registered.age());
    }
}
