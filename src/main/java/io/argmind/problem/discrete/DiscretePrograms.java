package io.argmind.problem.discrete;

import java.util.Arrays;

/**
 * A batch of costs over one set.
 *
 * @param size the number of instances; 1 when not batched
 * @param batched whether the costs were sent with a batch axis, so that answers have one too
 * @param cost [size, ...] row-major
 */
public record DiscretePrograms(Discrete set, int size, boolean batched, double[] cost) {

    /** The number of costs of one instance. */
    public int n() {
        return set.length();
    }

    public double[] cost(int instance) {
        return size == 1 ? cost : Arrays.copyOfRange(cost, instance * n(), (instance + 1) * n());
    }

    /** The shape of the costs and of x, with the batch axis if there is one. */
    public int[] shape() {
        int[] one = set.shape();
        if (!batched) {
            return one;
        }
        int[] all = new int[one.length + 1];
        all[0] = size;
        System.arraycopy(one, 0, all, 1, one.length);
        return all;
    }

    /** The bytes that this batch keeps in memory. */
    public long bytes() {
        return 8L * cost.length + setBytes(set) + 1024;
    }

    private static long setBytes(Discrete set) {
        return switch (set) {
            case Discrete.ShortestPath s -> graphBytes(s.graph());
            case Discrete.Matching s -> graphBytes(s.graph());
            case Discrete.SpanningTree s -> graphBytes(s.graph());
            case Discrete.MinCostFlow s ->
                    graphBytes(s.graph()) + 8L * (s.capacity().length + s.supply().length);
            case Discrete.Knapsack s -> 8L * s.weights().length * (s.items() + 1);
            case Discrete.GridShortestPath s -> 0;
            case Discrete.Assignment s -> 0;
            case Discrete.Tour s -> 0;
            case Discrete.TopK s -> 0;
            case Discrete.Ranking s -> 0;
        };
    }

    private static long graphBytes(Graph graph) {
        return 8L * graph.edges();
    }
}
