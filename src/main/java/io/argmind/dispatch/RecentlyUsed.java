package io.argmind.dispatch;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what was used last, within a number of bytes and an age. What is new always has a place,
 * unlike in caches that judge by frequency: the solve that was just kept is the one whose backward
 * pass comes next, and those that had theirs are not asked for again.
 */
final class RecentlyUsed<V> {
    private final long maxBytes;
    private final long maxAgeNanos;
    private final ToLongFunction<V> size;
    private final Map<String, Entry<V>> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final Counter hits;
    private final Counter misses;
    private final Counter puts;
    private final Counter evictions;
    private long bytes;

    private record Entry<V>(V value, long bytes, long usedAt) {}

    RecentlyUsed(
            String name,
            long maxBytes,
            Duration maxAge,
            ToLongFunction<V> size,
            MeterRegistry meters) {
        this.maxBytes = maxBytes;
        this.maxAgeNanos = maxAge.toNanos();
        this.size = size;
        this.hits = meters.counter("cache.gets", "cache", name, "result", "hit");
        this.misses = meters.counter("cache.gets", "cache", name, "result", "miss");
        this.puts = meters.counter("cache.puts", "cache", name);
        this.evictions = meters.counter("cache.evictions", "cache", name);
        Gauge.builder("cache.bytes", this, RecentlyUsed::bytes).tag("cache", name).register(meters);
        Gauge.builder("cache.size", this, RecentlyUsed::count).tag("cache", name).register(meters);
    }

    /** Whether a value has room at all. */
    boolean fits(V value) {
        return size.applyAsLong(value) <= maxBytes;
    }

    /** Keeps a value, unless it is larger than all room. */
    synchronized void put(String key, V value) {
        if (!fits(value)) {
            return;
        }
        remove(entries.remove(key));
        Entry<V> entry = new Entry<>(value, size.applyAsLong(value), System.nanoTime());
        entries.put(key, entry);
        bytes += entry.bytes;
        puts.increment();
        evict();
    }

    /** The value, or null if it is not here (any more). */
    synchronized @Nullable V get(String key) {
        evict();
        Entry<V> entry = entries.get(key);
        if (entry == null) {
            misses.increment();
            return null;
        }
        hits.increment();
        entries.put(key, new Entry<>(entry.value, entry.bytes, System.nanoTime()));
        return entry.value;
    }

    /** From the one whose use is longest ago. */
    private void evict() {
        long now = System.nanoTime();
        Iterator<Entry<V>> eldest = entries.values().iterator();
        while (eldest.hasNext()) {
            Entry<V> entry = eldest.next();
            if (bytes <= maxBytes && now - entry.usedAt <= maxAgeNanos) {
                return;
            }
            eldest.remove();
            remove(entry);
            evictions.increment();
        }
    }

    private void remove(@Nullable Entry<V> entry) {
        bytes -= entry == null ? 0 : entry.bytes;
    }

    private synchronized double bytes() {
        return bytes;
    }

    private synchronized double count() {
        return entries.size();
    }
}
