package io.argmind.linalg;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The most recently used analyses, found by the content of their patterns, so that a stream of
 * programs with one structure is analysed once. Safe for any number of threads.
 */
public final class LdlCache {
    private final long capacity;
    private final LinkedHashMap<Key, SymbolicLdl> kept = new LinkedHashMap<>(16, 0.75f, true);
    private long size;

    /**
     * An empty cache.
     *
     * @param capacity how many integers the kept analyses may hold together, about
     */
    public LdlCache(long capacity) {
        this.capacity = capacity;
    }

    /** A pattern; equal only to the same pattern. */
    private record Key(int n, int[] colStart, int[] row, int hash) {
        static Key of(int n, int[] colStart, int[] row) {
            return new Key(n, colStart, row, 31 * Arrays.hashCode(colStart) + Arrays.hashCode(row));
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key
                    && hash == key.hash
                    && n == key.n
                    && Arrays.equals(colStart, key.colStart)
                    && Arrays.equals(row, key.row);
        }
    }

    /**
     * The analysis of a pattern, made now if it is not kept. Two threads that ask for the same new
     * pattern at once may both make it; both get the same one. One that is ended leaves nothing.
     *
     * @param colStart [n + 1] the upper triangle by columns; kept, not copied
     * @param row [nnz] rows, at most the column, each once; kept, not copied
     * @param stopped looked at every millisecond or so; true ends the analysis
     * @throws NotEnoughMemoryException if the factor would have more than 2^31 - 1 entries
     * @throws StoppedException if it was ended
     */
    public SymbolicLdl analysis(int n, int[] colStart, int[] row, BooleanSupplier stopped) {
        Key key = Key.of(n, colStart, row);
        synchronized (kept) {
            SymbolicLdl known = kept.get(key);
            if (known != null) {
                return known;
            }
        }
        SymbolicLdl made = new SymbolicLdl(n, colStart, row, stopped);
        return keep(key, made);
    }

    private SymbolicLdl keep(Key key, SymbolicLdl made) {
        synchronized (kept) {
            SymbolicLdl before = kept.putIfAbsent(key, made);
            if (before != null) {
                return before;
            }
            size += made.footprint();
            var eldest = kept.entrySet().iterator();
            while (size > capacity && eldest.hasNext()) {
                size -= eldest.next().getValue().footprint();
                eldest.remove();
            }
            return made;
        }
    }

    /** How many analyses are kept. */
    public int count() {
        synchronized (kept) {
            return kept.size();
        }
    }
}
