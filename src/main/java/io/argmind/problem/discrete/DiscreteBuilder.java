package io.argmind.problem.discrete;

import io.argmind.problem.ErrorList;
import io.argmind.problem.InvalidProblemException;
import io.argmind.problem.SentField;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes a batch of combinatorial problems of what a client sent, or says everything that is wrong
 * with it.
 */
public final class DiscreteBuilder {
    /** More nodes than edges can touch are of no use, and each costs memory. */
    public static final int MOST_NODES = 1 << 22;

    /** Flows and their sums over the edges of a node stay exact in double precision. */
    private static final double MOST_FLOW = 1e12;

    private static final int DEFAULT_NEIGHBOURHOOD = 8;

    private final SentDiscrete sent;
    private final FieldNumbers in;
    private final SentField.@Nullable Array cost;

    private DiscreteBuilder(SentDiscrete sent, String pointer, ErrorList errors, boolean part) {
        this.sent = sent;
        this.in = new FieldNumbers(sent, pointer, errors, part);
        this.cost = in.array(Kind.COST, "costs");
    }

    /**
     * Builds and checks.
     *
     * @param pointer where the problem stands in the request, for error messages
     * @param maxInstances the largest batch that is accepted
     * @param errors what else is wrong with the request already
     * @throws InvalidProblemException with all errors, if there are any
     */
    public static DiscretePrograms build(
            SentDiscrete sent, String pointer, int maxInstances, ErrorList errors) {
        DiscretePrograms programs =
                new DiscreteBuilder(sent, pointer, errors, false).build(maxInstances);
        errors.throwIfAny();
        return Objects.requireNonNull(programs);
    }

    /**
     * Checks a part of a problem, to be completed by later requests: what is there must be right.
     *
     * @throws InvalidProblemException with all errors
     */
    public static void checkPart(SentDiscrete sent, String pointer, int maxInstances) {
        ErrorList errors = new ErrorList();
        new DiscreteBuilder(sent, pointer, errors, true).build(maxInstances);
        errors.throwIfAny();
    }

    private @Nullable DiscretePrograms build(int maxInstances) {
        Discrete set = set();
        boolean finite = cost == null || in.areFinite(Kind.COST, cost, Double.NEGATIVE_INFINITY);
        if (set == null || cost == null) {
            return null;
        }
        int[] one = set.shape();
        boolean batched = !Arrays.equals(cost.shape(), one) || isUnknownBatch();
        int size = batched ? batchSize(one) : 1;
        if (size > maxInstances) {
            in.fail(
                    Kind.COST,
                    "expected at most " + maxInstances + " instances in a batch, got " + size);
        }
        return size >= 0 && finite ? new DiscretePrograms(set, size, batched, cost.values()) : null;
    }

    /**
     * Whether the costs are an empty list, which is the empty batch where nothing else has an n.
     */
    private boolean isUnknownBatch() {
        int[] shape = Objects.requireNonNull(cost).shape();
        Kind kind = sent.kind();
        return (kind == Kind.TOP_K || kind == Kind.RANKING) && shape.length == 1 && shape[0] == 0;
    }

    /** The first axis of the costs, if the others are those of one instance; otherwise -1. */
    private int batchSize(int[] one) {
        SentField.Array costs = Objects.requireNonNull(cost);
        int[] shape = costs.shape();
        if (shape.length >= 1 && shape[0] == 0 && costs.values().length == 0) {
            return 0; // a nested list cannot say how long the rows of an empty list are
        }
        if (shape.length == one.length + 1
                && Arrays.equals(Arrays.copyOfRange(shape, 1, shape.length), one)) {
            return shape[0];
        }
        String inner = String.join(", ", Arrays.stream(one).mapToObj(Integer::toString).toList());
        in.fail(
                Kind.COST,
                "expected shape ("
                        + inner
                        + (one.length == 1 ? ",)" : ")")
                        + " or (B, "
                        + inner
                        + "), got "
                        + costs.shapeText());
        return -1;
    }

    /** The set, or null if it cannot be made of what was sent. */
    private @Nullable Discrete set() {
        return switch (sent.kind()) {
            case SHORTEST_PATH -> shortestPath();
            case GRID_SHORTEST_PATH -> grid();
            case ASSIGNMENT -> {
                int[] shape = costShape();
                yield shape == null ? null : new Discrete.Assignment(shape[0], shape[1]);
            }
            case MATCHING -> {
                Graph graph = in.graph(MOST_NODES);
                yield graph == null ? null : new Discrete.Matching(graph);
            }
            case MIN_COST_FLOW -> minCostFlow();
            case SPANNING_TREE -> {
                Graph graph = in.graph(MOST_NODES);
                yield graph == null ? null : new Discrete.SpanningTree(graph);
            }
            case TSP -> tour();
            case KNAPSACK -> knapsack();
            case TOP_K -> topK();
            case RANKING -> {
                int[] shape = costShape();
                yield shape == null ? null : new Discrete.Ranking(shape[0]);
            }
        };
    }

    /** The shape of one instance where it is that of the costs; null if they have no such shape. */
    private int @Nullable [] costShape() {
        if (cost == null) {
            return null;
        }
        int[] shape = cost.shape();
        int rank = sent.kind().costRank();
        if (shape.length == 1 && shape[0] == 0) {
            return new int[rank]; // the empty batch, whose rows nobody knows
        }
        if (shape.length != rank && shape.length != rank + 1) {
            String one = rank == 1 ? "(n,) or (B, n)" : "(rows, columns) or (B, rows, columns)";
            in.fail(Kind.COST, "expected shape " + one + ", got " + cost.shapeText());
            return null;
        }
        return Arrays.copyOfRange(shape, shape.length - rank, shape.length);
    }

    private @Nullable Discrete shortestPath() {
        Graph graph = in.graph(MOST_NODES);
        int last = graph == null ? MOST_NODES - 1 : graph.nodes() - 1;
        Integer source = in.integer("source", 0, last, "a node");
        Integer target = in.integer("target", 0, last, "a node");
        boolean directed = sent.directed() == null || sent.directed();
        return graph == null || source == null || target == null
                ? null
                : new Discrete.ShortestPath(graph, source, target, directed);
    }

    private @Nullable Discrete grid() {
        int neighbourhood = DEFAULT_NEIGHBOURHOOD;
        if (sent.arrays().containsKey("neighbourhood")) {
            Integer given = in.integer("neighbourhood", 4, 8, "4 or 8");
            if (given != null && given != 4 && given != 8) {
                in.fail("neighbourhood", "expected 4 or 8, got " + given);
            }
            neighbourhood = given == null ? neighbourhood : given;
        }
        int[] shape = costShape();
        if (shape == null) {
            return null;
        }
        if (shape[0] * shape[1] == 0 && !isEmptyBatch()) {
            in.fail(Kind.COST, "expected at least one cell, got shape " + shapeText());
            return null;
        }
        return new Discrete.GridShortestPath(shape[0], shape[1], neighbourhood);
    }

    private boolean isEmptyBatch() {
        int[] shape = Objects.requireNonNull(cost).shape();
        return shape[0] == 0 && shape.length != sent.kind().costRank();
    }

    private String shapeText() {
        return Objects.requireNonNull(cost).shapeText();
    }

    private @Nullable Discrete tour() {
        int[] shape = costShape();
        if (shape == null) {
            return null;
        }
        boolean none = shape[0] == 0 && !isEmptyBatch();
        if (shape[0] != shape[1] || none) {
            in.fail(Kind.COST, "expected shape (n, n) or (B, n, n), n >= 1, got " + shapeText());
            return null;
        }
        return new Discrete.Tour(shape[0]);
    }

    private @Nullable Discrete minCostFlow() {
        Graph graph = in.graph(MOST_NODES);
        long[] capacity =
                in.wholes(
                        "capacity",
                        graph == null ? -1 : graph.edges(),
                        0,
                        MOST_FLOW,
                        true,
                        "the capacities of the edges");
        long[] supply =
                in.wholes(
                        "supply",
                        graph == null ? -1 : graph.nodes(),
                        -MOST_FLOW,
                        MOST_FLOW,
                        false,
                        "the supplies of the nodes");
        if (supply != null && Arrays.stream(supply).sum() != 0) {
            in.fail(
                    "supply",
                    "expected supplies that sum to 0 (demands are negative), got a sum of "
                            + Arrays.stream(supply).sum());
            return null;
        }
        return graph == null || capacity == null || supply == null
                ? null
                : new Discrete.MinCostFlow(graph, capacity, supply);
    }

    private @Nullable Discrete knapsack() {
        SentField.Array weights = in.array("weights", "weights, (k, n)");
        SentField.Array capacities = in.array("capacities", "capacities, (k,)");
        boolean right = weights == null || in.areFinite("weights", weights, 0);
        right &= capacities == null || in.areFinite("capacities", capacities, 0);
        if (weights == null) {
            return null;
        }
        int[] shape = weights.shape();
        if (shape.length != 2 || shape[0] == 0) {
            in.fail("weights", "expected shape (k, n), k >= 1, got " + weights.shapeText());
            return null;
        }
        if (capacities != null
                && !(capacities.shape().length == 1 && capacities.shape()[0] == shape[0])) {
            in.fail(
                    "capacities",
                    "expected shape ("
                            + shape[0]
                            + ",), one per row of weights, got "
                            + capacities.shapeText());
            return null;
        }
        int n = shape[1];
        double[][] rows = new double[shape[0]][];
        Arrays.setAll(rows, i -> Arrays.copyOfRange(weights.values(), i * n, (i + 1) * n));
        return capacities == null || !right
                ? null
                : new Discrete.Knapsack(rows, capacities.values(), n);
    }

    private @Nullable Discrete topK() {
        int[] shape = costShape();
        int most = shape == null || isUnknownBatch() ? Integer.MAX_VALUE : shape[0];
        Integer k = in.integer("k", 0, most, "a count");
        return shape == null || k == null ? null : new Discrete.TopK(shape[0], k);
    }
}
