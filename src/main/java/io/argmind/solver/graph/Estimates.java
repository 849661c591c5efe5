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
            case ShortestPath s -> 1e-8 * s.graph().nodes() + 4e-9 * s.graph().edges();
            case GridShortestPath s -> 5e-8 * s.height() * s.width();
            case Assignment s ->
                    assignment(Math.min(s.rows(), s.cols()), Math.max(s.rows(), s.cols()));
            case Matching s -> 1e-8 * s.graph().nodes() * s.graph().edges();
            case MinCostFlow s -> flow(s.graph().nodes(), s.graph().edges());
            case SpanningTree s -> sort(s.graph().edges());
            case Tour s -> 1e-9 * Math.pow(s.nodes(), 2) * Math.pow(2, s.nodes());
            case Knapsack s -> 1e-6 * s.items();
            case TopK s -> sort(s.items());
            case Ranking s -> sort(s.items());
        };
    }

    private static double assignment(double rows, double cols) {
        return 1e-9 * rows * rows * cols;
    }

    private static double flow(double nodes, double edges) {
        return 1e-9 * nodes * edges;
    }

    private static double sort(double n) {
        return 1e-7 + 4e-9 * n * Math.log(n + 2);
    }
}
