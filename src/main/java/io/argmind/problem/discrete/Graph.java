package io.argmind.problem.discrete;

/**
 * Nodes 0, ..., nodes - 1 and edges; loops and parallel edges are allowed. Arrays are not written
 * to after construction.
 *
 * @param tails [E] where each edge begins
 * @param heads [E] where it ends
 */
public record Graph(int nodes, int[] tails, int[] heads) {
    public int edges() {
        return tails.length;
    }
}
