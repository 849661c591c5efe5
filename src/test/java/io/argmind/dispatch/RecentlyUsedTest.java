package io.argmind.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What was used last stays, within its bytes and its age. */
class RecentlyUsedTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private static final Tenant A = new Tenant("a");
    private static final Tenant B = new Tenant("b");
    private static final Tenant C = new Tenant("c");

    private final MeterRegistry meters = new SimpleMeterRegistry();

    private RecentlyUsed<String> keeping(long bytes, Duration age) {
        return new RecentlyUsed<>("test", bytes, age, String::length, meters);
    }

    private double gauge(String name) {
        return meters.get(name).gauge().value();
    }

    private double counter(String name, String... tags) {
        return meters.get(name).tags(tags).counter().count();
    }

    @Test
    void theLeastRecentlyUsedLeavesFirst() {
        RecentlyUsed<String> kept = keeping(10, LONG);
        kept.put(A, "a", "aaaa");
        kept.put(A, "b", "bbbb");
        assertThat(kept.get(A, "a")).isEqualTo("aaaa");
        kept.put(A, "c", "cccc");
        assertThat(kept.get(A, "b")).isNull();
        assertThat(kept.get(A, "a")).isEqualTo("aaaa");
        assertThat(kept.get(A, "c")).isEqualTo("cccc");
        assertThat(gauge("cache.bytes")).isEqualTo(8);
        assertThat(gauge("cache.size")).isEqualTo(2);
        assertThat(counter("cache.evictions")).isEqualTo(1);
        assertThat(counter("cache.gets", "result", "hit")).isEqualTo(3);
        assertThat(counter("cache.gets", "result", "miss")).isEqualTo(1);
    }

    @Test
    void theSameKeyCountsOnce() {
        RecentlyUsed<String> kept = keeping(10, LONG);
        kept.put(A, "a", "aaaaaaaa");
        kept.put(A, "a", "aa");
        kept.put(A, "b", "bbbbbbbb");
        assertThat(kept.get(A, "a")).isEqualTo("aa");
        assertThat(gauge("cache.bytes")).isEqualTo(10);
    }

    @Test
    void whatIsLargerThanAllRoomEvictsNobody() {
        RecentlyUsed<String> kept = keeping(4, LONG);
        kept.put(A, "a", "aaaa");
        kept.put(A, "b", "bbbbb");
        assertThat(kept.get(A, "a")).isEqualTo("aaaa");
        assertThat(kept.get(A, "b")).isNull();
    }

    @Test
    void ageCountsFromTheLastUse() throws InterruptedException {
        RecentlyUsed<String> kept = keeping(100, Duration.ofSeconds(2));
        kept.put(A, "a", "a");
        kept.put(A, "b", "b");
        for (int k = 0; k < 5; k++) {
            Thread.sleep(500);
            assertThat(kept.get(A, "a")).isEqualTo("a");
        }
        assertThat(kept.get(A, "b")).isNull();
        Thread.sleep(2200);
        assertThat(kept.get(A, "a")).isNull();
        assertThat(gauge("cache.bytes")).isZero();
    }

    /** Neither finds what the other keeps, and both may keep something under the same key. */
    @Test
    void tenantsSeeTheirOwn() {
        RecentlyUsed<String> kept = keeping(10, LONG);
        kept.put(A, "key", "a");
        assertThat(kept.get(B, "key")).isNull();
        kept.put(B, "key", "b");
        assertThat(kept.get(A, "key")).isEqualTo("a");
        assertThat(kept.get(B, "key")).isEqualTo("b");
        assertThat(gauge("cache.size")).isEqualTo(2);
        assertThat(counter("cache.gets", "result", "miss")).isEqualTo(1);
    }

    /** Who fills the room makes place himself; who holds no more than its part loses nothing. */
    @Test
    void theFullestShelfMakesRoom() {
        RecentlyUsed<String> kept = keeping(12, LONG);
        kept.put(B, "first", "bbbb");
        kept.put(C, "first", "cccc");
        for (int k = 0; k < 100; k++) {
            kept.put(A, "k" + k, "aa");
        }
        assertThat(kept.get(B, "first")).isEqualTo("bbbb");
        assertThat(kept.get(C, "first")).isEqualTo("cccc");
        assertThat(kept.get(A, "k97")).isNull();
        assertThat(kept.get(A, "k98")).isEqualTo("aa");
        assertThat(kept.get(A, "k99")).isEqualTo("aa");
        assertThat(gauge("cache.bytes")).isEqualTo(12);
    }

    /** Alone, a tenant has all room; those who come later get their part of it back. */
    @Test
    void aShelfMayGrowAndMustShrink() {
        RecentlyUsed<String> kept = keeping(12, LONG);
        for (int k = 0; k < 6; k++) {
            kept.put(A, "k" + k, "aa");
        }
        assertThat(gauge("cache.size")).isEqualTo(6);
        kept.put(B, "one", "bb");
        kept.put(B, "two", "bb");
        kept.put(B, "three", "bb");
        assertThat(kept.get(A, "k2")).isNull();
        assertThat(kept.get(A, "k3")).isEqualTo("aa");
        kept.put(B, "four", "bb");
        assertThat(kept.get(B, "one")).isNull();
        assertThat(kept.get(A, "k3")).isEqualTo("aa");
    }

    /** Of what is spent a sixteenth of the room stays, for each tenant. */
    @Test
    void littleIsKeptOfWhatIsSpent() {
        RecentlyUsed<String> kept = keeping(64, LONG);
        for (Tenant tenant : List.of(A, B)) {
            for (int k = 0; k < 5; k++) {
                kept.put(tenant, "k" + k, "aa");
                assertThat(kept.get(tenant, "k" + k)).isEqualTo("aa");
                kept.spend(tenant, "k" + k);
            }
            kept.put(tenant, "fresh", "aa");
        }
        for (Tenant tenant : List.of(A, B)) {
            assertThat(kept.get(tenant, "k2")).isNull();
            assertThat(kept.get(tenant, "k3")).isEqualTo("aa");
            assertThat(kept.get(tenant, "k4")).isEqualTo("aa");
            assertThat(kept.get(tenant, "fresh")).isEqualTo("aa");
        }
        assertThat(gauge("cache.bytes")).isEqualTo(12);
        assertThat(gauge("cache.size")).isEqualTo(6);
        assertThat(counter("cache.evictions")).isEqualTo(6);
    }

    @Test
    void whatWasSpentLastStaysHoweverLargeItIs() {
        RecentlyUsed<String> kept = keeping(16, LONG);
        kept.put(A, "a", "aaaaaa");
        kept.put(A, "b", "bbbbbb");
        kept.spend(A, "a");
        kept.spend(A, "a");
        assertThat(kept.get(A, "a")).isEqualTo("aaaaaa");
        kept.spend(A, "b");
        assertThat(kept.get(A, "a")).isNull();
        assertThat(kept.get(A, "b")).isEqualTo("bbbbbb");
        kept.spend(A, "nobody");
        kept.spend(C, "b");
        assertThat(gauge("cache.size")).isEqualTo(1);
    }

    @Test
    void whatIsSpentLeavesFirst() {
        RecentlyUsed<String> kept = keeping(10, LONG);
        kept.put(A, "a", "aaaa");
        kept.put(A, "b", "bbbb");
        kept.spend(A, "b");
        kept.put(A, "c", "cccc");
        assertThat(kept.get(A, "a")).isEqualTo("aaaa");
        assertThat(kept.get(A, "b")).isNull();
        assertThat(kept.get(A, "c")).isEqualTo("cccc");
        kept.spend(A, "c");
        kept.put(A, "c", "new");
        kept.put(A, "d", "d");
        assertThat(kept.get(A, "c")).isEqualTo("new");
        assertThat(gauge("cache.bytes")).isEqualTo(8);
    }

    @Test
    void bytesAreExactUnderContention() throws Exception {
        RecentlyUsed<String> kept = keeping(1000, LONG);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                int thread = t;
                all.add(threads.submit(() -> putAndGet(kept, thread)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        double bytes = 0;
        for (int k = 0; k < 97; k++) {
            String value = kept.get(A, "k" + k);
            bytes += value == null ? 0 : value.length();
        }
        assertThat(gauge("cache.bytes")).isEqualTo(bytes).isLessThanOrEqualTo(1000);
    }

    private static void putAndGet(RecentlyUsed<String> kept, int thread) {
        for (int k = 0; k < 5000; k++) {
            String key = "k" + (thread * 31 + k * 7) % 97;
            if (k % 7 == 0) {
                kept.spend(A, key);
            } else if (k % 3 == 0) {
                kept.put(A, key, key.repeat(1 + k % 20));
            } else {
                String value = kept.get(A, key);
                assertThat(value == null || value.startsWith(key)).isTrue();
            }
        }
    }
}
