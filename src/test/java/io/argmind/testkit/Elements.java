package io.argmind.testkit;

import io.argmind.problem.discrete.Discrete;
import io.argmind.problem.discrete.Graph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * All elements of a small set, by trying everything: shares nothing with the algorithms that it
 * checks.
 */
public final class Elements {
    private final List<double[]> found = new ArrayList<>();
    private final double[] x;

    private Elements(int length) {
        x = new double[length];
    }

    public static List<double[]> of(Discrete set) {
        Elements e = new Elements(set.length());
        switch (set) {
            case Discrete.ShortestPath s -> e.walk(s, s.source(), new boolean[s.graph().nodes()]);
            case Discrete.GridShortestPath s -> e.walk(s, 0);
            case Discrete.Assignment s -> e.assign(s, 0, new boolean[s.cols()], 0);
            case Discrete.Matching s -> e.match(s.graph(), 0, new boolean[s.graph().nodes()]);
            case Discrete.MinCostFlow s -> e.flow(s, 0);
            case Discrete.SpanningTree s -> e.subsets(0, y -> isTree(s.graph(), e.x));
            case Discrete.Tour s -> e.tour(s.nodes(), 0, 1, new boolean[s.nodes()]);
            case Discrete.Knapsack s -> e.subsets(0, y -> fits(s, e.x));
            case Discrete.TopK s -> e.subsets(0, y -> Arrays.stream(e.x).sum() == s.k());
            case Discrete.Ranking s -> e.rank(0, new boolean[s.items()]);
        }
        return e.found;
    }

    private void keep() {
        found.add(x.clone());
    }

    private void walk(Discrete.ShortestPath s, int at, boolean[] visited) {
        if (at == s.target()) {
            keep();
            return;
        }
        visited[at] = true;
        Graph g = s.graph();
        for (int e = 0; e < g.edges(); e++) {
            int to = g.tails()[e] == at ? g.heads()[e] : g.tails()[e];
            boolean usable = g.tails()[e] == at || (!s.directed() && g.heads()[e] == at);
            if (usable && !visited[to]) {
                x[e] = 1;
                walk(s, to, visited);
                x[e] = 0;
            }
        }
        visited[at] = false;
    }

    private void walk(Discrete.GridShortestPath s, int cell) {
        x[cell] = 1;
        if (cell == x.length - 1) {
            keep();
        } else {
            for (int other = 0; other < x.length; other++) {
                if (x[other] == 0 && areNeighbours(s, cell, other)) {
                    walk(s, other);
                }
            }
        }
        x[cell] = 0;
    }

    static boolean areNeighbours(Discrete.GridShortestPath s, int a, int b) {
        int rows = Math.abs(a / s.width() - b / s.width());
        int cols = Math.abs(a % s.width() - b % s.width());
        return s.neighbourhood() == 4 ? rows + cols == 1 : Math.max(rows, cols) == 1;
    }

    private void assign(Discrete.Assignment s, int row, boolean[] taken, int count) {
        if (row == s.rows()) {
            if (count == Math.min(s.rows(), s.cols())) {
                keep();
            }
            return;
        }
        for (int j = 0; j < s.cols(); j++) {
            if (!taken[j]) {
                taken[j] = true;
                x[row * s.cols() + j] = 1;
                assign(s, row + 1, taken, count + 1);
                x[row * s.cols() + j] = 0;
                taken[j] = false;
            }
        }
        if (s.rows() > s.cols()) {
            assign(s, row + 1, taken, count);
        }
    }

    private void match(Graph g, int node, boolean[] matched) {
        int v = node;
        while (v < matched.length && matched[v]) {
            v++;
        }
        if (v == matched.length) {
            keep();
            return;
        }
        matched[v] = true;
        for (int e = 0; e < g.edges(); e++) {
            int w = g.tails()[e] == v ? g.heads()[e] : g.tails()[e];
            if ((g.tails()[e] == v || g.heads()[e] == v) && w != v && !matched[w]) {
                matched[w] = true;
                x[e] = 1;
                match(g, v, matched);
                x[e] = 0;
                matched[w] = false;
            }
        }
        matched[v] = false;
    }

    private void flow(Discrete.MinCostFlow s, int edge) {
        if (edge == x.length) {
            double[] left = new double[s.graph().nodes()];
            for (int e = 0; e < x.length; e++) {
                left[s.graph().tails()[e]] += x[e];
                left[s.graph().heads()[e]] -= x[e];
            }
            for (int v = 0; v < left.length; v++) {
                if (left[v] != s.supply()[v]) {
                    return;
                }
            }
            keep();
            return;
        }
        for (long f = 0; f <= s.capacity()[edge]; f++) {
            x[edge] = f;
            flow(s, edge + 1);
        }
        x[edge] = 0;
    }

    private void subsets(int from, IntPredicate accept) {
        if (from == x.length) {
            if (accept.test(0)) {
                keep();
            }
            return;
        }
        subsets(from + 1, accept);
        x[from] = 1;
        subsets(from + 1, accept);
        x[from] = 0;
    }

    private static boolean isTree(Graph g, double[] x) {
        int[] part = new int[g.nodes()];
        Arrays.setAll(part, v -> v);
        int count = 0;
        for (int e = 0; e < x.length; e++) {
            if (x[e] == 1) {
                int a = part[g.tails()[e]];
                int b = part[g.heads()[e]];
                if (a == b) {
                    return false;
                }
                Arrays.setAll(part, v -> part[v] == a ? b : part[v]);
                count++;
            }
        }
        return count == g.nodes() - 1;
    }

    /** With room for the rounding of sums. */
    private static boolean fits(Discrete.Knapsack s, double[] x) {
        for (int k = 0; k < s.capacities().length; k++) {
            double load = 0;
            for (int j = 0; j < x.length; j++) {
                load += x[j] * s.weights()[k][j];
            }
            if (load > s.capacities()[k] * (1 + 5e-13)) {
                return false;
            }
        }
        return true;
    }

    private void tour(int n, int at, int visited, boolean[] been) {
        been[at] = true;
        if (visited == n) {
            if (n > 1) {
                x[at * n] = 1;
            }
            keep();
            x[at * n] = 0;
        }
        for (int next = 0; next < n; next++) {
            if (!been[next]) {
                x[at * n + next] = 1;
                tour(n, next, visited + 1, been);
                x[at * n + next] = 0;
            }
        }
        been[at] = false;
    }

    private void rank(int item, boolean[] used) {
        if (item == x.length) {
            keep();
            return;
        }
        for (int r = 0; r < used.length; r++) {
            if (!used[r]) {
                used[r] = true;
                x[item] = r + 1;
                rank(item + 1, used);
                used[r] = false;
            }
        }
    }
}
