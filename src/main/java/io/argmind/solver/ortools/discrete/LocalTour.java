package io.argmind.solver.ortools.discrete;

/**
 * Good tours quickly, in double precision: the best of some nearest-neighbour tours, improved by
 * moving segments of up to three nodes (Or, 1976) and by reversing segments (Croes, 1958) until
 * nothing helps. Arcs both ways may differ in cost: what a reversal costs inside the segment is
 * read off sums along the tour. Ties go to the smaller index.
 */
final class LocalTour {
    private static final int MOST_STARTS = 32;
    private static final int LONGEST_SEGMENT = 3;

    /** A move must gain more than rounding, relative to the costs that it exchanges. */
    private static final double WORTHWHILE = 1e-12;

    private final int n;
    private final int[] tour;
    private final int[] trial;
    private final boolean[] visited;
    private final double[] along;
    private final double[] back;
    private double[] cost = {};

    LocalTour(int n) {
        this.n = n;
        tour = new int[n];
        trial = new int[n];
        visited = new boolean[n];
        along = new double[n];
        back = new double[n];
    }

    /** [n] the nodes in the order of the tour; valid until the next call. */
    int[] of(double[] costs) {
        cost = costs;
        double best = Double.POSITIVE_INFINITY;
        for (int start = 0; start < Math.min(n, MOST_STARTS); start++) {
            nearestNeighbours(start);
            double length = length(trial);
            if (start == 0 || length < best) {
                best = length;
                System.arraycopy(trial, 0, tour, 0, n);
            }
        }
        return improved();
    }

    /** The same from a tour that is known. */
    int[] from(int[] known, double[] costs) {
        cost = costs;
        System.arraycopy(known, 0, tour, 0, n);
        return improved();
    }

    private int[] improved() {
        if (n > 3) {
            long most = 20L * n * n; // far more moves than ever seen
            while (most-- > 0 && (move() || reverse())) {
                // again
            }
        }
        cost = new double[0];
        return tour;
    }

    private void nearestNeighbours(int start) {
        java.util.Arrays.fill(visited, false);
        int at = start;
        for (int k = 0; k < n; k++) {
            trial[k] = at;
            visited[at] = true;
            int next = -1;
            for (int j = 0; j < n; j++) {
                if (!visited[j] && (next < 0 || cost[at * n + j] < cost[at * n + next])) {
                    next = j;
                }
            }
            at = next;
        }
    }

    private double length(int[] nodes) {
        double sum = 0;
        for (int k = 0; k < n; k++) {
            sum += arc(nodes[k], nodes[(k + 1) % n]);
        }
        return sum;
    }

    private double arc(int from, int to) {
        return cost[from * n + to];
    }

    /** Moves one segment elsewhere if that shortens the tour. */
    private boolean move() {
        for (int length = 1; length <= Math.min(LONGEST_SEGMENT, n - 2); length++) {
            for (int i = 0; i < n; i++) {
                int first = tour[i];
                int last = tour[(i + length - 1) % n];
                int before = tour[(i + n - 1) % n];
                int after = tour[(i + length) % n];
                double out = arc(before, first) + arc(last, after);
                double closing = arc(before, after);
                for (int k = length; k < n - 1; k++) {
                    int a = tour[(i + k) % n];
                    int b = tour[(i + k + 1) % n];
                    double gain = (out - closing) + (arc(a, b) - arc(a, first) - arc(last, b));
                    if (isWorthwhile(gain, out, closing, a, b)) {
                        shift(i, length, k);
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private boolean isWorthwhile(double gain, double out, double closing, int a, int b) {
        return gain > WORTHWHILE * (Math.abs(out) + Math.abs(closing) + Math.abs(arc(a, b)));
    }

    /** The segment of some length at place i goes behind the node k places on. */
    private void shift(int i, int length, int k) {
        int at = 0;
        for (int step = length; step <= k; step++) {
            trial[at++] = tour[(i + step) % n];
        }
        for (int step = 0; step < length; step++) {
            trial[at++] = tour[(i + step) % n];
        }
        for (int step = k + 1; step < n; step++) {
            trial[at++] = tour[(i + step) % n];
        }
        System.arraycopy(trial, 0, tour, 0, n);
    }

    /** Reverses one segment if that shortens the tour; the first node stays in its place. */
    private boolean reverse() {
        for (int k = 1; k < n; k++) {
            along[k] = along[k - 1] + arc(tour[k - 1], tour[k]);
            back[k] = back[k - 1] + arc(tour[k], tour[k - 1]);
        }
        for (int i = 1; i < n - 1; i++) {
            for (int j = i + 1; j < n; j++) {
                int before = tour[i - 1];
                int after = tour[(j + 1) % n];
                double inside = (along[j] - along[i]) - (back[j] - back[i]);
                double old = arc(before, tour[i]) + arc(tour[j], after);
                double gain = (old - arc(before, tour[j]) - arc(tour[i], after)) + inside;
                double terms = Math.abs(old) + Math.abs(along[j]) + Math.abs(back[j]);
                if (gain > WORTHWHILE * terms) {
                    for (int a = i, b = j; a < b; a++, b--) {
                        int t = tour[a];
                        tour[a] = tour[b];
                        tour[b] = t;
                    }
                    return true;
                }
            }
        }
        return false;
    }
}
