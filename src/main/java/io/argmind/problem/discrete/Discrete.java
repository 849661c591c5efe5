package io.argmind.problem.discrete;

/**
 * A finite set X of arrays x over which {@code <cost, x>} is minimized: all that a combinatorial
 * problem has besides its costs, which is the same for a whole batch.
 */
public sealed interface Discrete {

    Kind kind();

    /** The shape of one instance's costs and of its x, without the batch axis. */
    int[] shape();

    /** The number of costs of one instance. */
    default int length() {
        int length = 1;
        for (int extent : shape()) {
            length *= extent;
        }
        return length;
    }

    /**
     * A walk of least cost from the source to the target; x counts the edges used, 0 or 1.
     *
     * @param directed whether edges are used from tail to head only
     */
    record ShortestPath(Graph graph, int source, int target, boolean directed) implements Discrete {
        @Override
        public Kind kind() {
            return Kind.SHORTEST_PATH;
        }

        @Override
        public int[] shape() {
            return new int[] {graph.edges()};
        }
    }

    /**
     * A path from the top-left to the bottom-right cell; the costs of all its cells count, both
     * ends included.
     *
     * @param neighbourhood 4 or 8
     */
    record GridShortestPath(int height, int width, int neighbourhood) implements Discrete {
        @Override
        public Kind kind() {
            return Kind.GRID_SHORTEST_PATH;
        }

        @Override
        public int[] shape() {
            return new int[] {height, width};
        }
    }

    /** Each of the fewer side is matched with one of the other. */
    record Assignment(int rows, int cols) implements Discrete {
        @Override
        public Kind kind() {
            return Kind.ASSIGNMENT;
        }

        @Override
        public int[] shape() {
            return new int[] {rows, cols};
        }
    }

    /** A perfect matching of an undirected graph. */
    record Matching(Graph graph) implements Discrete {
        @Override
        public Kind kind() {
            return Kind.MATCHING;
        }

        @Override
        public int[] shape() {
            return new int[] {graph.edges()};
        }
    }

    /**
     * Integer flows on the directed edges, 0 &lt;= x &lt;= capacity, that carry the supplies.
     *
     * @param capacity [E] at least 0
     * @param supply [nodes] what leaves a node minus what enters it; negative for demand
     */
    record MinCostFlow(Graph graph, long[] capacity, long[] supply) implements Discrete {
        @Override
        public Kind kind() {
            return Kind.MIN_COST_FLOW;
        }

        @Override
        public int[] shape() {
            return new int[] {graph.edges()};
        }
    }

    /** A spanning tree of an undirected graph. */
    record SpanningTree(Graph graph) implements Discrete {
        @Override
        public Kind kind() {
            return Kind.SPANNING_TREE;
        }

        @Override
        public int[] shape() {
            return new int[] {graph.edges()};
        }
    }

    /** A directed tour through all nodes; x[i, j] = 1 where j follows i. */
    record Tour(int nodes) implements Discrete {
        @Override
        public Kind kind() {
            return Kind.TSP;
        }

        @Override
        public int[] shape() {
            return new int[] {nodes, nodes};
        }
    }

    /**
     * x in {0, 1}^n with weights x &lt;= capacities; negative costs are profits.
     *
     * @param weights [k][n] at least 0
     * @param capacities [k] at least 0
     */
    record Knapsack(double[][] weights, double[] capacities, int items) implements Discrete {
        @Override
        public Kind kind() {
            return Kind.KNAPSACK;
        }

        @Override
        public int[] shape() {
            return new int[] {items};
        }
    }

    /** k of n. */
    record TopK(int items, int k) implements Discrete {
        @Override
        public Kind kind() {
            return Kind.TOP_K;
        }

        @Override
        public int[] shape() {
            return new int[] {items};
        }
    }

    /** The permutations of 1, ..., n; the smallest rank goes to the largest cost. */
    record Ranking(int items) implements Discrete {
        @Override
        public Kind kind() {
            return Kind.RANKING;
        }

        @Override
        public int[] shape() {
            return new int[] {items};
        }
    }
}
