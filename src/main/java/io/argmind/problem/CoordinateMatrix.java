package io.argmind.problem;

import io.argmind.linalg.Pattern;
import java.util.Arrays;

/**
 * Turns coordinates, in any order and with repeats (which add up, as in SciPy), into rows that
 * solvers can walk along.
 */
final class CoordinateMatrix {
    private CoordinateMatrix() {}

    /**
     * Builds the field.
     *
     * @param rows [entries] row of each entry, in range
     * @param cols [entries] column of each entry, in range
     * @param values [entries] or [batch, entries]
     * @param batch the number of instances that have values of their own, or -1 when one set is
     *     shared
     * @param upperTriangle whether entries off the diagonal stand for themselves and their mirror
     *     image
     */
    static MatrixField build(
            int height,
            int width,
            int[] rows,
            int[] cols,
            double[] values,
            int batch,
            boolean upperTriangle) {
        int entries = rows.length;
        int count = entries;
        int[] mirror = new int[entries]; // index of the mirrored entry, or -1
        Arrays.fill(mirror, -1);
        if (upperTriangle) {
            for (int e = 0; e < entries; e++) {
                if (rows[e] != cols[e]) {
                    mirror[e] = count++;
                }
            }
        }
        long[] keys = new long[count];
        for (int e = 0; e < entries; e++) {
            keys[e] = (long) rows[e] * width + cols[e];
            if (mirror[e] >= 0) {
                keys[mirror[e]] = (long) cols[e] * width + rows[e];
            }
        }
        long[] sorted = Arrays.stream(keys).sorted().distinct().toArray();
        int[] rowStart = new int[height + 1];
        int[] col = new int[sorted.length];
        for (int k = 0; k < sorted.length; k++) {
            rowStart[(int) (sorted[k] / width) + 1]++;
            col[k] = (int) (sorted[k] % width);
        }
        for (int i = 0; i < height; i++) {
            rowStart[i + 1] += rowStart[i];
        }
        int[] slot = new int[count];
        for (int e = 0; e < count; e++) {
            slot[e] = Arrays.binarySearch(sorted, keys[e]);
        }
        int sets = batch < 0 ? 1 : batch;
        double[] out = new double[Math.multiplyExact(sets, sorted.length)];
        for (int i = 0; i < sets; i++) {
            for (int e = 0; e < entries; e++) {
                double v = values[i * entries + e];
                out[i * sorted.length + slot[e]] += v;
                if (mirror[e] >= 0) {
                    out[i * sorted.length + slot[mirror[e]]] += v;
                }
            }
        }
        return new MatrixField(
                Pattern.sparse(height, width, rowStart, col),
                out,
                batch >= 0,
                new MatrixField.Coordinates(
                        rows, cols, Arrays.copyOf(slot, entries), upperTriangle));
    }
}
