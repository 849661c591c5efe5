package io.argmind.solver.interior;

import io.argmind.linalg.LaneGram;
import io.argmind.linalg.LaneMatrix;
import io.argmind.linalg.LanePanels;
import io.argmind.linalg.LaneSparse;
import io.argmind.linalg.Lanes;
import io.argmind.linalg.Matrix;
import io.argmind.linalg.Pattern;
import io.argmind.problem.Program;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The variables eliminated, for diagonal P: with R = [A; G] and the diagonal H = P + B, the matrix
 * R H^-1 R' + diag(delta, D^-1) of p + m rows is factored.
 */
final class NormalSystem implements KktSystem {
    private static final int W = Lanes.WIDTH;

    /** 1 / D of a row that is taken out; its multiplier vanishes against it. */
    private static final double OUT = 1e25;

    private final Structure structure;
    private final int n;
    private final int p;
    private final int m;
    private final double[] P; // [n] the diagonal
    private final LaneMatrix T; // [n, p + m] R'
    private final LaneGram gram; // R H^-1 R' + diagonal
    private final double[] inverseH; // [n]
    private final double[] diagonal; // [p + m]
    private final double[] u; // [p + m]
    private final double[] D; // [m]
    private final double[] t; // [n]

    NormalSystem(Structure structure) {
        this.structure = structure;
        this.n = structure.n();
        this.p = structure.p();
        this.m = structure.m();
        this.P = Lanes.vector(n);
        this.T = structure.isSparse() ? sparse() : new LanePanels(n, p + m);
        this.gram = LaneGram.of(T);
        this.inverseH = Lanes.vector(n);
        this.diagonal = Lanes.vector(p + m);
        this.u = Lanes.vector(p + m);
        this.D = Lanes.vector(m);
        this.t = Lanes.vector(n);
    }

    private LaneSparse sparse() {
        Pattern A = structure.A();
        Pattern G = structure.G();
        int[] row = new int[A.nnz() + G.nnz()];
        int[] col = new int[row.length];
        int e = 0;
        for (Pattern pattern : new Pattern[] {A, G}) {
            int first = pattern == A ? 0 : p;
            for (int i = 0; i < pattern.rows(); i++) {
                for (int k = pattern.start(i); k < pattern.start(i + 1); k++) {
                    row[e] = pattern.col(i, k);
                    col[e++] = first + i;
                }
            }
        }
        return new LaneSparse(n, p + m, row, col);
    }

    @Override
    public void put(int lane, Program program) {
        for (int i = 0; i < n; i++) {
            P[i * W + lane] = 0;
        }
        program.P().forEach((i, j, value) -> P[i * W + lane] += value);
        put(lane, program.A(), 0, 0);
        put(lane, program.G(), p, structure.A().nnz());
    }

    private void put(int lane, Matrix rows, int first, int firstEntry) {
        switch (T) {
            case LaneSparse sparse ->
                    sparse.put(lane, rows.values(), rows.offset(), firstEntry, rows.nnz());
            case LanePanels dense -> {
                boolean full = rows.pattern().isDense();
                double[] values = full ? rows.values() : rows.toDense();
                dense.putTransposed(lane, values, full ? rows.offset() : 0, rows.rows(), first);
            }
        }
    }

    @Override
    public void raiseNorms(double[] cols, double[] rowsA, double[] rowsG) {
        for (int i = 0; i < n * W; i++) {
            cols[i] = Math.max(cols[i], Math.abs(P[i]));
        }
        rows(rowsA, rowsG);
        T.raiseNorms(cols, u);
        System.arraycopy(u, 0, rowsA, 0, p * W);
        System.arraycopy(u, p * W, rowsG, 0, m * W);
    }

    @Override
    public void addProducts(double[] x, double[] y, double[] rx, double[] ry) {
        for (int i = 0; i < n * W; i++) {
            rx[i] = Math.fma(P[i], x[i], rx[i]);
        }
        rows(ry, null);
        T.addTransposeTimes(x, u);
        System.arraycopy(u, 0, ry, 0, p * W);
        rows(y, null);
        T.addTimes(u, rx);
    }

    /** u = [y; z], zeros for what is null. */
    private void rows(double @Nullable [] y, double @Nullable [] z) {
        Arrays.fill(u, 0);
        if (y != null) {
            System.arraycopy(y, 0, u, 0, p * W);
        }
        if (z != null) {
            System.arraycopy(z, 0, u, p * W, m * W);
        }
    }

    @Override
    public void addG(double[] x, double[] rz) {
        if (m > 0) {
            rows(null, rz);
            T.addTransposeTimes(x, u);
            System.arraycopy(u, p * W, rz, 0, m * W);
        }
    }

    @Override
    public void addGTransposed(double[] z, double[] rx) {
        if (m > 0) {
            rows(null, z);
            T.addTimes(u, rx);
        }
    }

    @Override
    public void factor(double[] B, double[] delta, double[] newD) {
        for (int i = 0; i < n * W; i++) {
            inverseH[i] = 1 / (P[i] + B[i]);
        }
        System.arraycopy(delta, 0, diagonal, 0, p * W);
        System.arraycopy(newD, 0, D, 0, m * W);
        for (int i = 0; i < m * W; i++) {
            diagonal[p * W + i] = Math.min(1 / D[i], OUT);
        }
        gram.factor(inverseH, diagonal);
    }

    @Override
    public void solve(
            double[] rx,
            double[] ry,
            double[] rz,
            double[] dx,
            double[] dy,
            double[] dz,
            double[] Gdx) {
        for (int i = 0; i < n * W; i++) {
            t[i] = inverseH[i] * rx[i];
        }
        Arrays.fill(u, 0);
        for (int i = 0; i < p * W; i++) {
            u[i] = -ry[i];
        }
        for (int i = 0; i < m * W; i++) {
            u[p * W + i] = D[i] > 0 ? -rz[i] : 0;
        }
        T.addTransposeTimes(t, u);
        gram.solve(u);
        System.arraycopy(u, 0, dy, 0, p * W);
        for (int i = 0; i < m * W; i++) {
            // exactly zero in a row that is taken out, which has no multiplier to move
            dz[i] = D[i] > 0 ? u[p * W + i] : 0;
        }
        System.arraycopy(rx, 0, dx, 0, n * W);
        for (int i = 0; i < (p + m) * W; i++) {
            u[i] = -u[i];
        }
        T.addTimes(u, dx);
        for (int i = 0; i < n * W; i++) {
            dx[i] *= inverseH[i];
        }
        Arrays.fill(Gdx, 0, m * W, 0);
        addG(dx, Gdx);
    }

    @Override
    public long bytes() {
        return T.bytes() + gram.bytes();
    }
}
