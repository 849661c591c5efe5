package io.argmind.solver.graph;

import io.argmind.problem.discrete.Discrete;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.OracleSession;
import io.argmind.solver.Selection;
import java.util.Arrays;

/**
 * Shortest paths through a grid whose costs are those of cells.
 *
 * <p>Entering a cell costs the same wherever one comes from, so that the first neighbour to be
 * settled gives the cell its final distance: Dijkstra's algorithm without lowering keys, and over
 * as soon as the last cell is seen. The grid has a frame of cells that count as seen, which saves
 * looking for its border.
 *
 * <p>Negative costs: a closed walk costs half the sum of c(u) + c(v) over its steps, so that one of
 * negative cost exists if and only if two neighbours have a negative sum; then walking to and fro
 * has no least cost, {@link Status#UNBOUNDED}. Otherwise (c(u) + c(v)) / 2 are costs of steps that
 * are not negative and make the same paths best. Iterations are settled cells.
 */
final class GridPathSession implements OracleSession {
    private static final int CHECK_EVERY = 4096;

    private final Discrete.GridShortestPath set;
    private final int stride;
    private final int first;
    private final int last;
    private final int[] steps;
    private final boolean[] frame;
    private final boolean[] seen;
    private final double[] cell;
    private final double[] distance;
    private final int[] parent;
    private final CellHeap heap;
    private final Stop stop = new Stop();
    private IndexedHeap indexed = new IndexedHeap(0);
    private long iterations;

    GridPathSession(Discrete.GridShortestPath set) {
        this.set = set;
        stride = set.width() + 2;
        int cells = (set.height() + 2) * stride;
        first = stride + 1;
        last = set.height() * stride + set.width();
        steps =
                set.neighbourhood() == 4
                        ? new int[] {1, stride, -1, -stride}
                        : new int[] {
                            stride + 1, 1, stride, stride - 1, 1 - stride, -1, -stride, -stride - 1
                        };
        frame = new boolean[cells];
        Arrays.fill(frame, true);
        for (int row = 1; row <= set.height(); row++) {
            Arrays.fill(frame, row * stride + 1, row * stride + 1 + set.width(), false);
        }
        seen = new boolean[cells];
        cell = new double[cells];
        distance = new double[cells];
        parent = new int[cells];
        heap = new CellHeap(set.height() * set.width());
    }

    @Override
    public Selection solve(double[] cost, Limits limits) {
        if (!stop.begin(limits)) {
            return Stop.late();
        }
        iterations = 0;
        boolean negative = copy(cost);
        System.arraycopy(frame, 0, seen, 0, frame.length);
        if (negative && set.height() * set.width() > 1) {
            int bad = negativePair();
            return bad >= 0 ? unbounded(bad) : halves();
        }
        return cells();
    }

    /** Puts the costs into the frame; whether one is negative. */
    private boolean copy(double[] cost) {
        double least = 0;
        int from = 0;
        for (int row = 1; row <= set.height(); row++) {
            int to = row * stride + 1;
            for (int j = 0; j < set.width(); j++) {
                double c = cost[from + j];
                cell[to + j] = c;
                least = Math.min(least, c);
            }
            from += set.width();
        }
        return least < 0;
    }

    private Selection cells() {
        heap.clear();
        seen[first] = true;
        int v = first;
        distance[first] = cell[first];
        while (!seen[last]) {
            if (++iterations % CHECK_EVERY == 0 && stop.isDue()) {
                return stop.withoutAnswer(iterations);
            }
            double d = distance[v];
            for (int step : steps) {
                int w = v + step;
                if (!seen[w]) {
                    seen[w] = true;
                    parent[w] = v;
                    distance[w] = d + cell[w];
                    heap.add(w, distance[w]);
                }
            }
            v = heap.poll();
        }
        return path();
    }

    /** A cell with a neighbour so that both together cost less than nothing, or -1. */
    private int negativePair() {
        for (int v = first; v <= last; v++) {
            if (!frame[v]) {
                for (int step : steps) {
                    if (!frame[v + step] && cell[v] + cell[v + step] < 0) {
                        return v;
                    }
                }
            }
        }
        return -1;
    }

    private Selection unbounded(int v) {
        return Selection.none(
                Status.UNBOUNDED,
                0,
                String.format(
                        "cell (%d, %d) of cost %s and one of its neighbours cost less than nothing together, and can be walked to and fro",
                        v / stride - 1, v % stride - 1, cell[v]));
    }

    private Selection halves() {
        if (indexed.capacity() == 0) { // most grids never have negative costs
            indexed = new IndexedHeap(frame.length);
        }
        indexed.clear();
        Arrays.fill(distance, Double.POSITIVE_INFINITY);
        distance[first] = 0;
        indexed.offer(first, 0);
        while (!indexed.isEmpty()) {
            int v = indexed.poll();
            if (v == last) {
                return path();
            }
            if (++iterations % CHECK_EVERY == 0 && stop.isDue()) {
                return stop.withoutAnswer(iterations);
            }
            seen[v] = true;
            for (int step : steps) {
                int w = v + step;
                if (!seen[w]) {
                    double d = distance[v] + 0.5 * (cell[v] + cell[w]);
                    if (d < distance[w]) {
                        distance[w] = d;
                        parent[w] = v;
                        indexed.offer(w, d);
                    }
                }
            }
        }
        return Selection.none(
                Status.NUMERICAL_ERROR,
                iterations,
                "the costs of every path add up to more than double precision holds");
    }

    private Selection path() {
        double[] x = new double[set.height() * set.width()];
        double objective = 0;
        int v = last;
        while (true) {
            x[(v / stride - 1) * set.width() + v % stride - 1] = 1;
            objective += cell[v];
            if (v == first) {
                return Selection.optimal(x, objective, iterations);
            }
            v = parent[v];
        }
    }

    @Override
    public void cancel() {
        stop.press();
    }

    /** A heap to which each cell is added once, with its final key; four children per entry. */
    private static final class CellHeap {
        private final double[] keys;
        private final int[] cells;
        private int size;

        CellHeap(int capacity) {
            keys = new double[capacity];
            cells = new int[capacity];
        }

        void clear() {
            size = 0;
        }

        void add(int cell, double key) {
            int at = size++;
            while (at > 0) {
                int parent = (at - 1) >> 2;
                if (keys[parent] <= key) {
                    break;
                }
                keys[at] = keys[parent];
                cells[at] = cells[parent];
                at = parent;
            }
            keys[at] = key;
            cells[at] = cell;
        }

        int poll() {
            int least = cells[0];
            size--;
            double key = keys[size];
            int at = 0;
            while (true) {
                int child = 4 * at + 1;
                if (child >= size) {
                    break;
                }
                int best = child;
                double bestKey = keys[child];
                int end = Math.min(child + 4, size);
                for (int c = child + 1; c < end; c++) {
                    if (keys[c] < bestKey) {
                        best = c;
                        bestKey = keys[c];
                    }
                }
                if (key <= bestKey) {
                    break;
                }
                keys[at] = bestKey;
                cells[at] = cells[best];
                at = best;
            }
            keys[at] = key;
            cells[at] = cells[size];
            return least;
        }
    }
}
