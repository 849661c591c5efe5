package io.argmind.dispatch;

import java.time.Duration;

/**
 * How much work is taken on, and for how long things are kept.
 *
 * @param threads solver threads; each runs one native solver at a time
 * @param maxRequests requests that are parsed, waiting or solved at the same time
 * @param maxRequestsPerClient the same for one client address; 0 for no limit
 * @param maxBodyBytes the largest request body
 * @param maxBytesInFlight request bytes that are held at the same time
 * @param maxWait a request that would wait longer for a thread is turned away
 * @param defaultDeadline of a request without a header
 * @param maxDeadline the longest that a client may ask for
 * @param maxInstances the largest batch
 * @param retainedBytes memory for solves kept for their backward pass
 * @param retainedAge how long a solve is kept after its last use
 * @param registeredBytes memory for registered problems
 * @param registeredAge how long a registered problem is kept after its last use
 */
public record DispatchSettings(
        int threads,
        int maxRequests,
        int maxRequestsPerClient,
        long maxBodyBytes,
        long maxBytesInFlight,
        Duration maxWait,
        Duration defaultDeadline,
        Duration maxDeadline,
        int maxInstances,
        long retainedBytes,
        Duration retainedAge,
        long registeredBytes,
        Duration registeredAge) {

    /** The same with so many bytes for retained solves, and as many for registered problems. */
    public DispatchSettings withMemory(long bytes) {
        return new DispatchSettings(
                threads,
                maxRequests,
                maxRequestsPerClient,
                maxBodyBytes,
                maxBytesInFlight,
                maxWait,
                defaultDeadline,
                maxDeadline,
                maxInstances,
                bytes,
                retainedAge,
                bytes,
                registeredAge);
    }
}
