package io.argmind.dispatch;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what was used last, within a number of bytes and an age. What is new has a place, unlike in
 * caches that judge by frequency: the solve that was just kept is the one whose backward pass comes
 * next, and those that had theirs are not asked for again.
 *
 * <p>Each tenant has a shelf of its own, where alone its keys are looked for: what others keep is
 * to it like what nobody keeps. Where room is short, it is made on the fullest shelf. So one tenant
 * may use all room, but nobody loses anything to others as long as it holds no more than an equal
 * part.
 */
final class RecentlyUsed<V> {
    private final long maxBytes;
    private final long maxAgeNanos;
    private final ToLongFunction<V> size;
    private final Map<Tenant, Shelf<V>> shelves = new HashMap<>();
    private final Counter hits;
    private final Counter misses;
    private final Counter puts;
    private final Counter evictions;

    private record Entry<V>(V value, long bytes, long usedAt) {}

    /** What one tenant keeps, beginning with what was used longest ago. */
    private static final class Shelf<V> {
        private final Map<String, Entry<V>> entries = new LinkedHashMap<>(16, 0.75f, true);
        private long bytes;

        void put(String key, Entry<V> entry) {
            Entry<V> before = entries.put(key, entry);
            bytes += entry.bytes - (before == null ? 0 : before.bytes);
        }

        Entry<V> eldest() {
            return entries.values().iterator().next();
        }

        void removeEldest() {
            Iterator<Entry<V>> all = entries.values().iterator();
            bytes -= all.next().bytes;
            all.remove();
        }
    }

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
    synchronized void put(Tenant tenant, String key, V value) {
        if (!fits(value)) {
            return;
        }
        Entry<V> entry = new Entry<>(value, size.applyAsLong(value), System.nanoTime());
        shelves.computeIfAbsent(tenant, t -> new Shelf<>()).put(key, entry);
        puts.increment();
        evict();
    }

    /** The value, or null if this tenant has it not here (any more). */
    synchronized @Nullable V get(Tenant tenant, String key) {
        evict();
        Shelf<V> shelf = shelves.get(tenant);
        Entry<V> entry = shelf == null ? null : shelf.entries.get(key);
        if (shelf == null || entry == null) {
            misses.increment();
            return null;
        }
        hits.increment();
        shelf.put(key, new Entry<>(entry.value, entry.bytes, System.nanoTime()));
        return entry.value;
    }

    /** What is too old, and then, from the fullest shelf, what has no room. */
    private void evict() {
        long now = System.nanoTime();
        for (Shelf<V> shelf : shelves.values()) {
            while (!shelf.entries.isEmpty() && now - shelf.eldest().usedAt > maxAgeNanos) {
                removeEldest(shelf);
            }
        }
        while (bytes() > maxBytes) {
            removeEldest(Collections.max(shelves.values(), Comparator.comparingLong(s -> s.bytes)));
        }
        shelves.values().removeIf(shelf -> shelf.entries.isEmpty());
    }

    private void removeEldest(Shelf<V> shelf) {
        shelf.removeEldest();
        evictions.increment();
    }

    private synchronized double bytes() {
        return shelves.values().stream().mapToLong(shelf -> shelf.bytes).sum();
    }

    private synchronized double count() {
        return shelves.values().stream().mapToLong(shelf -> shelf.entries.size()).sum();
    }
}
