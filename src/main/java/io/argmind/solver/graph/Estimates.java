package io.argmind.solver.graph;

import io.argmind.problem.discrete.Discrete;
import io.argmind.problem.discrete.Discrete.Assignment;
import io.argmind.problem.discrete.Discrete.GridShortestPath;
import io.argmind.problem.discrete.Discrete.Knapsack;
import io.argmind.problem.discrete.Discrete.Matching;
import io.argmind.problem.discrete.Discrete.MinCostFlow;
import io.argmind.problem.discrete.Discrete.Ranking;
import io.argmind.problem.discrete.Discrete.ShortestPath;
import io.argmind.problem.discrete.Discrete.SpanningTree;
import io.argmind.problem.discrete.Discrete.TopK;
import io.argmind.problem.discrete.Discrete.Tour;

/**
 * Seconds per instance from counts of operations and what these took, in time of one thread on
 * random instances.
 */
final class Estimates {
    private Estimates() {}

    static double seconds(Discrete set) {
        return switch (set) {
            case ShortestPath s -> 3e-8 * s.graph().nodes() + 1e-8 * s.graph().edges();
            case GridShortestPath s -> 7e-8 * s.height() * s.width();
            case Assignment s ->
                    assignment(Math.min(s.rows(), s.cols()), Math.max(s.rows(), s.cols()));
            case Matching s -> matching(s.graph().nodes(), s.graph().edges());
            case MinCostFlow s -> 1e-6 + 1.2e-8 * Math.pow(s.graph().edges(), 1.66);
            case SpanningTree s -> sort(s.graph().edges());
            case Tour s -> 5.7e-10 * Math.pow(s.nodes(), 2) * Math.pow(2, s.nodes()) + 1e-7;
            case Knapsack s -> knapsack(s.items(), s.capacities().length);
            case TopK s -> sort(s.items());
            case Ranking s -> sort(s.items());
        };
    }

    private static double assignment(double rows, double cols) {
        return 1.2e-8 * rows * cols;
    }

    private static double matching(double nodes, double edges) {
        return 5e-8 * nodes * nodes + 1e-8 * edges;
    }

    /** On random weights; what a hard one takes nobody knows. */
    private static double knapsack(double items, double rows) {
        return 1e-6 + (rows <= 1 ? 1e-7 : 7e-7 * rows) * items;
    }

    private static double sort(double n) {
        return 1e-7 + 8e-9 * n * Math.log(n + 2);
    }
}
