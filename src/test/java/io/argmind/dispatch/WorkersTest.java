package io.argmind.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.solver.Ladder;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** One solver thread, and what becomes of a long batch on it when another tenant comes. */
class WorkersTest {
    private static final long LONG_MILLIS = 150; // more than a piece may run beside others

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger opened = new AtomicInteger();

    /** A session that only counts. */
    private final class Counted implements Ladder {
        Counted() {
            open.incrementAndGet();
            opened.incrementAndGet();
        }

        @Override
        public int climbs() {
            return 1;
        }

        @Override
        public void cancel() {}

        @Override
        public void close() {
            open.decrementAndGet();
        }
    }

    private static SolveOptions options(String tenant) {
        return new SolveOptions(
                1e-6, 1, 1, System.nanoTime() + 60_000_000_000L, new Tenant(tenant));
    }

    /** As long as it takes until the other tenant waits, and longer than a piece may run then. */
    private void awaitTheOther() {
        try {
            while (meters.get("argmind.queue.depth").gauge().value() < 4) {
                Thread.sleep(1);
            }
            Thread.sleep(LONG_MILLIS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The batch stops between two instances, the other tenant's is done, and then its rest. */
    @Test
    void aLongBatchMakesPlace() throws Exception {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch begun = new CountDownLatch(1);
        try (Workers workers = new Workers(1, meters)) {
            Workers.Opening<Counted> opening = new Workers.Opening<>(1, Counted::new);
            CompletableFuture<Workers.Done> batch =
                    CompletableFuture.supplyAsync(() ->
                            workers.forEach(
                                    options("long"),
                                    40,
                                    opening,
                                    (from, to, chunk) -> {
                                        chunk.get();
                                        begun.countDown();
                                        if (from == 0) {
                                            awaitTheOther();
                                        }
                                        order.add("long" + from);
                                    }));
            begun.await();
            Workers.Done other =
                    workers.forEach(
                            options("short"),
                            1,
                            opening,
                            (from, to, chunk) -> {
                                chunk.get();
                                order.add("short");
                            });
            assertThat(other.climbs()).isEqualTo(1);
            int sessions = batch.get().climbs();
            assertThat(order.indexOf("short")).as(order.toString()).isEqualTo(1);
            assertThat(order).hasSize(41).doesNotHaveDuplicates();
            List<String> rest = new ArrayList<>(order);
            rest.remove("short");
            assertThat(rest.getLast()).isEqualTo("long39");
            assertThat(sessions).as("six chunks, one of them in two pieces").isEqualTo(7);
            assertThat(opened).hasValue(8);
            assertThat(open).hasValue(0);
        }
    }

    @Test
    void chunksBecomeShorter() {
        assertThat(Workers.chunks(0, 4)).isEmpty();
        assertThat(Workers.chunks(1, 4)).containsExactly(1);
        assertThat(Workers.chunks(5, 2)).containsExactly(3, 4, 5);
        assertThat(Workers.chunks(16, 4)).containsExactly(4, 7, 10, 12, 13, 14, 15, 16);
        assertThat(Workers.chunks(1_000_000, 128)).hasSizeLessThan(2000).endsWith(1_000_000);
    }

    /** What fails after it made place is heard of all the same. */
    @Test
    void aFailureReachesWhoWaits() {
        try (Workers workers = new Workers(1, new SimpleMeterRegistry())) {
            CompletableFuture<Workers.Done> batch =
                    CompletableFuture.supplyAsync(() ->
                            workers.forEach(
                                    options("a"),
                                    3,
                                    new Workers.Opening<>(1, Counted::new),
                                    (from, to, chunk) -> {
                                        throw new IllegalStateException("broken");
                                    }));
            assertThat(batch).failsWithin(Duration.ofSeconds(20));
        }
    }
}
