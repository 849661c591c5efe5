package io.argmind.testkit;

import io.argmind.problem.discrete.Discrete;
import io.argmind.problem.discrete.Graph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** All elements of a small set, found by trying everything. */
public final class Tried {
    private final List<double[]> found = new ArrayList<>();

    private Tried() {}

    public static List<double[]> of(Discrete set) {
        Tried elements = new Tried();
        elements.find(set);
        return elements.found;
    }

    /** All vectors of zeros and ones. */
    public static void binaries(int n, Consumer<double[]> each) {
        for (int bits = 0; bits < 1 << n; bits++) {
            double[] x = new double[n];
            for (int j = 0; j < n; j++) {
                x[j] = bits >> j & 1;
            }
            each.accept(x);
        }
    }

    private void find(Discrete set) {
        int n = set.length();
        switch (set) {
            case Discrete.ShortestPath s ->
                    paths(s, s.source(), new boolean[s.graph().nodes()], new double[n]);
            case Discrete.GridShortestPath s -> cells(s, 0, 0, new double[n]);
            case Discrete.Assignment s ->
                    assignments(s, 0, 0, new boolean[s.cols()], new double[n]);
            case Discrete.Matching s ->
                    matchings(s.graph(), new boolean[s.graph().nodes()], new double[n]);
            case Discrete.MinCostFlow s -> flows(s, 0, new double[n]);
            case Discrete.SpanningTree s -> trees(s.graph());
            case Discrete.Tour s -> tours(s.nodes(), 0, new boolean[s.nodes()], new double[n], 1);
            case Discrete.Knapsack s -> packings(s);
            case Discrete.TopK s ->
                    binaries(
                            n,
                            x -> {
                                if (Arrays.stream(x).sum() == s.k()) {
                                    found.add(x);
                                }
                            });
            case Discrete.Ranking s -> ranks(0, new boolean[n], new double[n]);
        }
    }

    private void paths(Discrete.ShortestPath s, int at, boolean[] seen, double[] x) {
        if (at == s.target()) {
            found.add(x.clone());
            return;
        }
        seen[at] = true;
        Graph graph = s.graph();
        for (int e = 0; e < graph.edges(); e++) {
            int a = graph.tails()[e];
            int b = graph.heads()[e];
            int to = a == at ? b : !s.directed() && b == at ? a : -1;
            if (to >= 0 && !seen[to]) {
                x[e] = 1;
                paths(s, to, seen, x);
                x[e] = 0;
            }
        }
        seen[at] = false;
    }

    private void cells(Discrete.GridShortestPath s, int row, int col, double[] x) {
        boolean outside = row < 0 || col < 0 || row >= s.height() || col >= s.width();
        if (outside || x[row * s.width() + col] == 1) {
            return;
        }
        x[row * s.width() + col] = 1;
        if (row == s.height() - 1 && col == s.width() - 1) {
            found.add(x.clone());
        } else {
            for (int dr = -1; dr <= 1; dr++) {
                for (int dc = -1; dc <= 1; dc++) {
                    if (s.neighbourhood() == 8 || Math.abs(dr) + Math.abs(dc) == 1) {
                        cells(s, row + dr, col + dc, x);
                    }
                }
            }
        }
        x[row * s.width() + col] = 0;
    }

    private void assignments(
            Discrete.Assignment s, int row, int matched, boolean[] taken, double[] x) {
        int left = s.rows() - row;
        int wanted = Math.min(s.rows(), s.cols());
        if (matched + left < wanted) {
            return;
        }
        if (left == 0) {
            found.add(x.clone());
            return;
        }
        for (int col = 0; col < s.cols(); col++) {
            if (!taken[col]) {
                taken[col] = true;
                x[row * s.cols() + col] = 1;
                assignments(s, row + 1, matched + 1, taken, x);
                x[row * s.cols() + col] = 0;
                taken[col] = false;
            }
        }
        if (s.rows() > s.cols()) {
            assignments(s, row + 1, matched, taken, x);
        }
    }

    private void matchings(Graph graph, boolean[] matched, double[] x) {
        int first = 0;
        while (first < graph.nodes() && matched[first]) {
            first++;
        }
        if (first == graph.nodes()) {
            found.add(x.clone());
            return;
        }
        for (int e = 0; e < graph.edges(); e++) {
            int a = graph.tails()[e];
            int b = graph.heads()[e];
            if ((a == first || b == first) && a != b && !matched[a] && !matched[b]) {
                matched[a] = true;
                matched[b] = true;
                x[e] = 1;
                matchings(graph, matched, x);
                x[e] = 0;
                matched[a] = false;
                matched[b] = false;
            }
        }
    }

    private void flows(Discrete.MinCostFlow s, int edge, double[] x) {
        Graph graph = s.graph();
        if (edge == graph.edges()) {
            long[] left = s.supply().clone();
            for (int e = 0; e < edge; e++) {
                left[graph.tails()[e]] -= (long) x[e];
                left[graph.heads()[e]] += (long) x[e];
            }
            if (Arrays.stream(left).allMatch(v -> v == 0)) {
                found.add(x.clone());
            }
            return;
        }
        for (long flow = 0; flow <= s.capacity()[edge]; flow++) {
            x[edge] = flow;
            flows(s, edge + 1, x);
        }
        x[edge] = 0;
    }

    private void trees(Graph graph) {
        binaries(
                graph.edges(),
                x -> {
                    if (Arrays.stream(x).sum() == graph.nodes() - 1 && reachesAll(graph, x)) {
                        found.add(x);
                    }
                });
    }

    private static boolean reachesAll(Graph graph, double[] x) {
        boolean[] reached = new boolean[graph.nodes()];
        reached[0] = true;
        for (int round = 0; round < graph.nodes(); round++) {
            for (int e = 0; e < x.length; e++) {
                if (x[e] == 1 && (reached[graph.tails()[e]] || reached[graph.heads()[e]])) {
                    reached[graph.tails()[e]] = true;
                    reached[graph.heads()[e]] = true;
                }
            }
        }
        for (boolean r : reached) {
            if (!r) {
                return false;
            }
        }
        return true;
    }

    private void tours(int n, int at, boolean[] seen, double[] x, int count) {
        seen[at] = true;
        if (count == n) {
            double[] closed = x.clone();
            if (n > 1) {
                closed[at * n] = 1;
            }
            found.add(closed);
        }
        for (int next = 1; next < n; next++) {
            if (!seen[next]) {
                x[at * n + next] = 1;
                tours(n, next, seen, x, count + 1);
                x[at * n + next] = 0;
            }
        }
        seen[at] = false;
    }

    private void packings(Discrete.Knapsack s) {
        binaries(
                s.items(),
                x -> {
                    boolean fits = true;
                    for (int k = 0; k < s.capacities().length; k++) {
                        double weight = 0;
                        for (int i = 0; i < x.length; i++) {
                            weight += s.weights()[k][i] * x[i];
                        }
                        fits &= weight <= s.capacities()[k];
                    }
                    if (fits) {
                        found.add(x);
                    }
                });
    }

    private void ranks(int at, boolean[] taken, double[] x) {
        if (at == x.length) {
            found.add(x.clone());
            return;
        }
        for (int rank = 0; rank < x.length; rank++) {
            if (!taken[rank]) {
                taken[rank] = true;
                x[at] = rank + 1;
                ranks(at + 1, taken, x);
                taken[rank] = false;
            }
        }
    }
}
