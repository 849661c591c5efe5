package io.argmind.linalg;

import static io.argmind.linalg.Lanes.load;
import static java.util.Comparator.comparingInt;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import jdk.incubator.vector.DoubleVector;

/**
 * Of a sparse matrix. Columns of which no two meet in a row are eliminated first, each with the few
 * others that it meets: their block of the Gram matrix is diagonal. What remains, the Schur
 * complement of that block, is factored as a dense matrix. In assignment and transport problems
 * half of the constraints are such columns, in Sudoku's relaxation a third.
 */
final class SparseLaneGram implements LaneGram {
    private static final int W = Lanes.WIDTH;

    private final LaneSparse M;
    private final boolean[] early; // [cols] whether a column is eliminated
    private final int[] order; // [cols] the eliminated columns, then the others
    private final int[] place; // [cols] where a column stands in order, less `first` if it remains
    private final int first; // how many are eliminated
    private final int[] start; // [first + 1]
    private final int[] met; // the places of the remaining columns that an eliminated one meets
    private final int[][] slot; // [first][remaining] where the two stand in `met`, or -1
    private final double[] coupling; // like met
    private final double[] inverse; // [first] of the pivots
    private final LaneSymmetric S;
    private final LaneFactor factor;
    private final double[] diagonal; // [remaining]
    private final double[] rest; // [remaining], padded

    SparseLaneGram(LaneSparse M) {
        int cols = M.cols();
        this.M = M;
        int[][] neighbours = neighbours(M);
        this.early = independent(neighbours);
        this.order =
                IntStream.concat(
                                IntStream.range(0, cols).filter(j -> early[j]),
                                IntStream.range(0, cols).filter(j -> !early[j]))
                        .toArray();
        this.first = count(early);
        this.place = new int[cols];
        for (int k = 0; k < cols; k++) {
            place[order[k]] = k < first ? k : k - first;
        }
        this.start = new int[first + 1];
        for (int k = 0; k < first; k++) {
            start[k + 1] = start[k] + neighbours[order[k]].length;
        }
        this.met = new int[start[first]];
        this.slot = new int[first][cols - first];
        for (int k = 0; k < first; k++) {
            Arrays.fill(slot[k], -1);
            int[] others = neighbours[order[k]];
            for (int q = 0; q < others.length; q++) {
                met[start[k] + q] = place[others[q]];
                slot[k][place[others[q]]] = start[k] + q;
            }
        }
        this.coupling = Lanes.vector(met.length);
        this.inverse = Lanes.vector(first);
        this.S = new LaneSymmetric(cols - first);
        this.factor = new LaneFactor(cols - first, cols - first);
        this.diagonal = Lanes.vector(cols - first);
        this.rest = S.vector();
    }

    /** The other columns with an entry in one of a column's rows, ascending. */
    private static int[][] neighbours(LaneSparse M) {
        int cols = M.cols();
        boolean[][] meets = new boolean[cols][cols];
        for (int i = 0; i < M.rows(); i++) {
            for (int k = M.start(i); k < M.start(i + 1); k++) {
                for (int q = M.start(i); q < M.start(i + 1); q++) {
                    meets[M.col(k)][M.col(q)] = k != q;
                }
            }
        }
        int[][] neighbours = new int[cols][];
        Arrays.setAll(
                neighbours,
                j -> IntStream.range(0, cols).filter(other -> meets[j][other]).toArray());
        return neighbours;
    }

    /**
     * Columns to eliminate, greedily: in the order in which they are listed, because models list
     * together the constraints that have no variable in common, or those with the fewest neighbours
     * first; whichever finds more.
     */
    private static boolean[] independent(int[][] neighbours) {
        List<Integer> listed = IntStream.range(0, neighbours.length).boxed().toList();
        List<Integer> sorted =
                listed.stream().sorted(comparingInt(j -> neighbours[j].length)).toList();
        boolean[] one = independent(neighbours, listed);
        boolean[] other = independent(neighbours, sorted);
        return count(one) >= count(other) ? one : other;
    }

    /** None of those whose scattered updates take longer than a part of a dense factorization. */
    private static boolean[] independent(int[][] neighbours, List<Integer> candidates) {
        boolean[] chosen = new boolean[neighbours.length];
        boolean[] met = new boolean[neighbours.length];
        for (int j : candidates) {
            if (!met[j] && 2 * neighbours[j].length <= neighbours.length) {
                chosen[j] = true;
                for (int other : neighbours[j]) {
                    met[other] = true;
                }
            }
        }
        return chosen;
    }

    private static int count(boolean[] chosen) {
        return (int) IntStream.range(0, chosen.length).filter(j -> chosen[j]).count();
    }

    @Override
    public void factor(double[] d, double[] e) {
        gram(d);
        for (int k = 0; k < first; k++) {
            eliminate(k, e);
        }
        for (int k = 0; k < rest(); k++) {
            System.arraycopy(e, order[first + k] * W, diagonal, k * W, W);
        }
        factor.factor(S, diagonal, null, null);
    }

    private int rest() {
        return order.length - first;
    }

    /** M' diag(d) M: its diagonal block in `inverse`, and the two others. */
    private void gram(double[] d) {
        Arrays.fill(inverse, 0);
        Arrays.fill(coupling, 0);
        S.clear();
        for (int i = 0; i < M.rows(); i++) {
            DoubleVector di = load(d, i * W);
            for (int k = M.start(i); k < M.start(i + 1); k++) {
                int a = M.col(k);
                DoubleVector v = load(M.entries(), k * W).mul(di);
                for (int q = M.start(i); q < M.start(i + 1); q++) {
                    int b = M.col(q);
                    if (early[a]) {
                        if (k == q) {
                            add(v, q, inverse, place[a] * W);
                        } else {
                            add(v, q, coupling, slot[place[a]][place[b]] * W);
                        }
                    } else if (!early[b] && b <= a) {
                        add(v, q, S.entries, LaneSymmetric.at(place[a], place[b]));
                    }
                }
            }
        }
    }

    private void add(DoubleVector v, int entry, double[] to, int at) {
        load(M.entries(), entry * W).fma(v, load(to, at)).intoArray(to, at);
    }

    private void eliminate(int k, double[] e) {
        DoubleVector pivot = load(inverse, k * W).add(load(e, order[k] * W));
        DoubleVector inv = DoubleVector.broadcast(Lanes.SPECIES, 1).div(LaneTiles.held(pivot));
        inv.intoArray(inverse, k * W);
        for (int q = start[k]; q < start[k + 1]; q++) {
            DoubleVector f = load(coupling, q * W).mul(inv).neg();
            for (int r = start[k]; r <= q; r++) {
                int at = LaneSymmetric.at(met[q], met[r]);
                load(coupling, r * W).fma(f, load(S.entries, at)).intoArray(S.entries, at);
            }
        }
    }

    @Override
    public void solve(double[] u) {
        for (int k = 0; k < rest(); k++) {
            System.arraycopy(u, order[first + k] * W, rest, k * W, W);
        }
        Arrays.fill(rest, rest() * W, rest.length, 0);
        for (int k = 0; k < first; k++) {
            DoubleVector v = load(u, order[k] * W).mul(load(inverse, k * W)).neg();
            for (int q = start[k]; q < start[k + 1]; q++) {
                int at = met[q] * W;
                load(coupling, q * W).fma(v, load(rest, at)).intoArray(rest, at);
            }
        }
        factor.solve(rest);
        for (int k = 0; k < first; k++) {
            DoubleVector v = load(u, order[k] * W).neg();
            for (int q = start[k]; q < start[k + 1]; q++) {
                v = load(coupling, q * W).fma(load(rest, met[q] * W), v);
            }
            v.neg().mul(load(inverse, k * W)).intoArray(u, order[k] * W);
        }
        for (int k = 0; k < rest(); k++) {
            System.arraycopy(rest, k * W, u, order[first + k] * W, W);
        }
    }

    @Override
    public long bytes() {
        return S.bytes()
                + factor.bytes()
                + 8L * (coupling.length + inverse.length)
                + 4L * ((long) first * rest() + met.length);
    }
}
