package io.argmind.solution.discrete;

import io.argmind.problem.discrete.Discrete;

/** Whether cells are those of a path through a grid. */
final class GridMembership {
    private static final int[][] STEPS = {
        {0, 1}, {1, 0}, {0, -1}, {-1, 0}, {1, 1}, {1, -1}, {-1, 1}, {-1, -1}
    };

    /** Cells that touch more than their neighbours in the path may need a search; it ends here. */
    private static final int MOST_TRIES = 100_000;

    private int height;
    private int width;
    private int neighbourhood;
    private boolean[] open = {};
    private int tries;

    /**
     * Whether some path from the first to the last cell visits each cell with x = 1 once and no
     * other. Where cells touch in so many ways that this is long to find out, it is enough that
     * they hang together.
     */
    boolean isPath(Discrete.GridShortestPath grid, double[] x) {
        height = grid.height();
        width = grid.width();
        neighbourhood = grid.neighbourhood();
        open = open.length == x.length ? open : new boolean[x.length];
        int cells = 0;
        for (int i = 0; i < x.length; i++) {
            open[i] = x[i] == 1;
            cells += open[i] ? 1 : 0;
        }
        if (x.length == 0 || !open[0] || !open[x.length - 1]) {
            return false;
        }
        tries = 0;
        return walk(cells) || (tries >= MOST_TRIES && connected(x) == cells);
    }

    /** Depth first, with the steps taken so far on a stack. */
    private boolean walk(int cells) {
        int[] cell = new int[cells];
        int[] step = new int[cells];
        open[0] = false;
        int depth = 0;
        while (depth >= 0) {
            if (depth == cells - 1 && cell[depth] == open.length - 1) {
                return true;
            }
            int next = -1;
            while (next < 0 && step[depth] < neighbourhood && tries < MOST_TRIES) {
                next = neighbour(cell[depth], step[depth]++);
                next = next >= 0 && open[next] && depth < cells - 1 ? next : -1;
            }
            if (next >= 0) {
                tries++;
                open[next] = false;
                depth++;
                cell[depth] = next;
                step[depth] = 0;
            } else {
                open[cell[depth]] = true;
                depth--;
            }
        }
        return false;
    }

    private int neighbour(int cell, int step) {
        int row = cell / width + STEPS[step][0];
        int col = cell % width + STEPS[step][1];
        return row >= 0 && row < height && col >= 0 && col < width ? row * width + col : -1;
    }

    /** How many cells with x = 1 hang together with the first. */
    private int connected(double[] x) {
        int[] queue = new int[x.length];
        for (int i = 0; i < x.length; i++) {
            open[i] = x[i] == 1;
        }
        open[0] = false;
        int count = 1;
        for (int k = 0; k < count; k++) {
            for (int step = 0; step < neighbourhood; step++) {
                int next = neighbour(queue[k], step);
                if (next >= 0 && open[next]) {
                    open[next] = false;
                    queue[count++] = next;
                }
            }
        }
        return count;
    }
}
