package io.argmind.solver.worker;

import io.argmind.problem.discrete.Discrete;
import io.argmind.problem.discrete.Graph;
import io.argmind.problem.discrete.Kind;
import java.io.IOException;

/** Combinatorial sets as bytes: their kind, then what makes them, in the order of its record. */
final class SetWire {
    private SetWire() {}

    static void write(WireOutput out, Discrete set) throws IOException {
        out.writeEnum(set.kind());
        switch (set) {
            case Discrete.ShortestPath s -> {
                write(out, s.graph());
                out.writeInt(s.source());
                out.writeInt(s.target());
                out.writeBoolean(s.directed());
            }
            case Discrete.GridShortestPath s -> {
                out.writeInt(s.height());
                out.writeInt(s.width());
                out.writeInt(s.neighbourhood());
            }
            case Discrete.Assignment s -> {
                out.writeInt(s.rows());
                out.writeInt(s.cols());
            }
            case Discrete.Matching s -> write(out, s.graph());
            case Discrete.MinCostFlow s -> {
                write(out, s.graph());
                out.writeLongs(s.capacity());
                out.writeLongs(s.supply());
            }
            case Discrete.SpanningTree s -> write(out, s.graph());
            case Discrete.Tour s -> out.writeInt(s.nodes());
            case Discrete.Knapsack s -> {
                out.writeInt(s.items());
                out.writeDoubles(s.capacities());
                for (double[] weights : s.weights()) {
                    out.writeDoubles(weights);
                }
            }
            case Discrete.TopK s -> {
                out.writeInt(s.items());
                out.writeInt(s.k());
            }
            case Discrete.Ranking s -> out.writeInt(s.items());
        }
    }

    static Discrete read(WireInput in) throws IOException {
        return switch (in.readEnum(Kind.class)) {
            case SHORTEST_PATH ->
                    new Discrete.ShortestPath(
                            readGraph(in), in.readInt(), in.readInt(), in.readBoolean());
            case GRID_SHORTEST_PATH ->
                    new Discrete.GridShortestPath(in.readInt(), in.readInt(), in.readInt());
            case ASSIGNMENT -> new Discrete.Assignment(in.readInt(), in.readInt());
            case MATCHING -> new Discrete.Matching(readGraph(in));
            case MIN_COST_FLOW ->
                    new Discrete.MinCostFlow(readGraph(in), in.readLongs(), in.readLongs());
            case SPANNING_TREE -> new Discrete.SpanningTree(readGraph(in));
            case TSP -> new Discrete.Tour(in.readInt());
            case KNAPSACK -> readKnapsack(in);
            case TOP_K -> new Discrete.TopK(in.readInt(), in.readInt());
            case RANKING -> new Discrete.Ranking(in.readInt());
        };
    }

    private static Discrete readKnapsack(WireInput in) throws IOException {
        int items = in.readInt();
        double[] capacities = in.readDoubles();
        double[][] weights = new double[capacities.length][];
        for (int k = 0; k < weights.length; k++) {
            weights[k] = in.readDoubles();
        }
        return new Discrete.Knapsack(weights, capacities, items);
    }

    private static void write(WireOutput out, Graph graph) throws IOException {
        out.writeInt(graph.nodes());
        out.writeInts(graph.tails());
        out.writeInts(graph.heads());
    }

    private static Graph readGraph(WireInput in) throws IOException {
        return new Graph(in.readInt(), in.readInts(), in.readInts());
    }
}
