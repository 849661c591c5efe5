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
import java.util.List;
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
 *
 * <p>Values can be spent: most likely nobody will ask for them again. Of these, each shelf holds a
 * small part of all room, or a single one that is larger. What is kept for nothing fills the heap
 * to no purpose, and the garbage collector copies it.
 */
final class RecentlyUsed<V> {
    /** Spent values may take this part of the room. */
    private static final int SPENT = 16;

    private final long maxBytes;
    private final long maxAgeNanos;
    private final ToLongFunction<V> size;
    private final Map<Tenant, Shelf<V>> shelves = new HashMap<>();
    private final Counter hits;
    private final Counter misses;
    private final Counter puts;
    private final Counter evictions;

    private record Entry<V>(V value, long bytes, long usedAt) {}

    /** Values, beginning with what was used longest ago. */
    private static final class Row<V> {
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

        @Nullable Entry<V> remove(String key) {
            Entry<V> entry = entries.remove(key);
            bytes -= entry == null ? 0 : entry.bytes;
            return entry;
        }
    }

    /** What one tenant keeps. */
    private static final class Shelf<V> {
        private final Row<V> fresh = new Row<>();
        private final Row<V> spent = new Row<>();

        List<Row<V>> rows() {
            return List.of(spent, fresh);
        }

        long bytes() {
            return fresh.bytes + spent.bytes;
        }

        int count() {
            return fresh.entries.size() + spent.entries.size();
        }

        @Nullable Row<V> holding(String key) {
            return fresh.entries.containsKey(key)
                    ? fresh
                    : spent.entries.containsKey(key) ? spent : null;
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
        Shelf<V> shelf = shelves.computeIfAbsent(tenant, t -> new Shelf<>());
        shelf.spent.remove(key);
        shelf.fresh.put(key, entry);
        puts.increment();
        evict();
    }

    /** Says that a value, if it is here, will hardly be asked for again. */
    synchronized void spend(Tenant tenant, String key) {
        Shelf<V> shelf = shelves.get(tenant);
        Entry<V> entry = shelf == null ? null : shelf.fresh.remove(key);
        if (shelf != null && entry != null) {
            shelf.spent.put(key, entry);
            evict();
        }
    }

    /** The value, or null if this tenant has it not here (any more). */
    synchronized @Nullable V get(Tenant tenant, String key) {
        evict();
        Shelf<V> shelf = shelves.get(tenant);
        Row<V> row = shelf == null ? null : shelf.holding(key);
        Entry<V> entry = row == null ? null : row.entries.get(key);
        if (row == null || entry == null) {
            misses.increment();
            return null;
        }
        hits.increment();
        row.put(key, new Entry<>(entry.value, entry.bytes, System.nanoTime()));
        return entry.value;
    }

    /** What is too old or spent, and then, from the fullest shelf, what has no room. */
    private void evict() {
        long now = System.nanoTime();
        for (Shelf<V> shelf : shelves.values()) {
            for (Row<V> row : shelf.rows()) {
                while (!row.entries.isEmpty() && now - row.eldest().usedAt > maxAgeNanos) {
                    removeEldest(row);
                }
            }
            while (shelf.spent.bytes > maxBytes / SPENT && shelf.spent.entries.size() > 1) {
                removeEldest(shelf.spent);
            }
        }
        while (bytes() > maxBytes) {
            Shelf<V> fullest =
                    Collections.max(shelves.values(), Comparator.comparingLong(Shelf::bytes));
            removeEldest(fullest.spent.entries.isEmpty() ? fullest.fresh : fullest.spent);
        }
        shelves.values().removeIf(shelf -> shelf.count() == 0);
    }

    private void removeEldest(Row<V> row) {
        row.removeEldest();
        evictions.increment();
    }

    private synchronized double bytes() {
        return shelves.values().stream().mapToLong(Shelf::bytes).sum();
    }

    private synchronized double count() {
        return shelves.values().stream().mapToLong(Shelf::count).sum();
    }
}
