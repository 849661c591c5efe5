package io.argmind.solver.graph;

import io.argmind.problem.discrete.Discrete;
import io.argmind.problem.discrete.Graph;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.OracleSession;
import io.argmind.solver.Selection;

/**
 * Perfect matchings of least cost; see {@link PerfectMatching}, which wants integers.
 *
 * <p>Costs are multiplied by a power of two, so that the largest has up to 53 bits, and rounded:
 * each by at most half a unit. Edges whose slack is more than all that rounding are in no best
 * matching. Where a unit is not small against the costs of the matching, because other edges cost
 * much more, these are left out and the rest is solved anew with smaller units. So the cost is
 * within 1e-13 of the least, relative to the sum of the absolute costs of the edges chosen.
 * Iterations are events of the trees.
 */
final class MatchingSession implements OracleSession {
    private static final int MOST_BITS = 53;

    /** What is left for potentials, which are sums of weights, besides a sign. */
    private static final int ROOM = 59;

    private static final double ACCURACY = 1e-13;

    private final Graph graph;
    private final PerfectMatching search;
    private final long[] weight;
    private final boolean[] usable;
    private final int bits;
    private final Stop stop = new Stop();

    MatchingSession(Discrete.Matching set) {
        graph = set.graph();
        search =
                new PerfectMatching(
                        graph.nodes(), graph.tails(), graph.heads(), Adjacency.both(graph), stop);
        weight = new long[graph.edges()];
        usable = new boolean[graph.edges()];
        bits = Math.min(MOST_BITS, ROOM - (32 - Integer.numberOfLeadingZeros(graph.nodes())));
    }

    @Override
    public Selection solve(double[] cost, Limits limits) {
        if (!stop.begin(limits)) {
            return Stop.late();
        }
        if (graph.nodes() % 2 == 1) {
            return Selection.none(
                    Status.INFEASIBLE, 0, "an odd number of nodes has no perfect matching");
        }
        for (int e = 0; e < usable.length; e++) {
            usable[e] = graph.tails()[e] != graph.heads()[e];
        }
        search.clearSteps();
        int exponent = exponent(cost);
        while (true) {
            scale(cost, exponent);
            PerfectMatching.End end = search.run(weight, usable);
            if (end == PerfectMatching.End.IMPOSSIBLE) {
                return Selection.none(
                        Status.INFEASIBLE, search.steps(), "the graph has no perfect matching");
            }
            if (end == PerfectMatching.End.STOPPED) {
                return stop.withoutAnswer(search.steps());
            }
            if (isAccurate(cost, exponent)) {
                return answer(cost);
            }
            leaveOut();
            int finer = exponent(cost);
            if (finer <= exponent) {
                return answer(cost);
            }
            exponent = finer;
        }
    }

    /** Of the power of two that makes costs integers. */
    private int exponent(double[] cost) {
        double largest = 0;
        for (int e = 0; e < cost.length; e++) {
            largest = usable[e] ? Math.max(largest, Math.abs(cost[e])) : largest;
        }
        return largest == 0 ? 0 : bits - 1 - Math.getExponent(largest);
    }

    private void scale(double[] cost, int exponent) {
        for (int e = 0; e < cost.length; e++) {
            weight[e] = usable[e] ? 2 * Math.round(Math.scalb(cost[e], exponent)) : 0;
        }
    }

    private boolean isAccurate(double[] cost, int exponent) {
        double sum = 0;
        for (int e = 0; e < cost.length; e++) {
            sum += isChosen(e) ? Math.abs(cost[e]) : 0;
        }
        return Math.scalb((double) graph.nodes(), -exponent) <= ACCURACY * sum;
    }

    private boolean isChosen(int e) {
        return usable[e] && search.isMatched(e, graph.tails()[e]);
    }

    /** Edges that cost more than rounding can hide; the potentials prove it. */
    private void leaveOut() {
        for (int e = 0; e < usable.length; e++) {
            usable[e] =
                    usable[e]
                            && search.slackOf(e, graph.tails()[e], graph.heads()[e])
                                    <= 2L * graph.nodes();
        }
    }

    private Selection answer(double[] cost) {
        double[] x = new double[cost.length];
        double objective = 0;
        for (int e = 0; e < x.length; e++) {
            if (isChosen(e)) {
                x[e] = 1;
                objective += cost[e];
            }
        }
        return Selection.optimal(x, objective, search.steps());
    }

    @Override
    public void cancel() {
        stop.press();
    }
}
