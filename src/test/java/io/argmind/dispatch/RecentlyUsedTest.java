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
        kept.put("a", "aaaa");
        kept.put("b", "bbbb");
        assertThat(kept.get("a")).isEqualTo("aaaa");
        kept.put("c", "cccc");
        assertThat(kept.get("b")).isNull();
        assertThat(kept.get("a")).isEqualTo("aaaa");
        assertThat(kept.get("c")).isEqualTo("cccc");
        assertThat(gauge("cache.bytes")).isEqualTo(8);
        assertThat(gauge("cache.size")).isEqualTo(2);
        assertThat(counter("cache.evictions")).isEqualTo(1);
        assertThat(counter("cache.gets", "result", "hit")).isEqualTo(3);
        assertThat(counter("cache.gets", "result", "miss")).isEqualTo(1);
    }

    @Test
    void theSameKeyCountsOnce() {
        RecentlyUsed<String> kept = keeping(10, LONG);
        kept.put("a", "aaaaaaaa");
        kept.put("a", "aa");
        kept.put("b", "bbbbbbbb");
        assertThat(kept.get("a")).isEqualTo("aa");
        assertThat(gauge("cache.bytes")).isEqualTo(10);
    }

    @Test
    void whatIsLargerThanAllRoomEvictsNobody() {
        RecentlyUsed<String> kept = keeping(4, LONG);
        kept.put("a", "aaaa");
        kept.put("b", "bbbbb");
        assertThat(kept.get("a")).isEqualTo("aaaa");
        assertThat(kept.get("b")).isNull();
    }

    @Test
    void ageCountsFromTheLastUse() throws InterruptedException {
        RecentlyUsed<String> kept = keeping(100, Duration.ofSeconds(2));
        kept.put("a", "a");
        kept.put("b", "b");
        for (int k = 0; k < 5; k++) {
            Thread.sleep(500);
            assertThat(kept.get("a")).isEqualTo("a");
        }
        assertThat(kept.get("b")).isNull();
        Thread.sleep(2200);
        assertThat(kept.get("a")).isNull();
        assertThat(gauge("cache.bytes")).isZero();
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
            String value = kept.get("k" + k);
            bytes += value == null ? 0 : value.length();
        }
        assertThat(gauge("cache.bytes")).isEqualTo(bytes).isLessThanOrEqualTo(1000);
    }

    private static void putAndGet(RecentlyUsed<String> kept, int thread) {
        for (int k = 0; k < 5000; k++) {
            String key = "k" + (thread * 31 + k * 7) % 97;
            if (k % 3 == 0) {
                kept.put(key, key.repeat(1 + k % 20));
            } else {
                String value = kept.get(key);
                assertThat(value == null || value.startsWith(key)).isTrue();
            }
        }
    }
}
