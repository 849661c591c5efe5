package io.argmind.solver.interior;

import io.argmind.linalg.LaneFactor;
import io.argmind.linalg.LaneMatrix;
import io.argmind.linalg.LanePanels;
import io.argmind.linalg.LaneSparse;
import io.argmind.linalg.LaneSymmetric;
import io.argmind.linalg.Lanes;
import io.argmind.linalg.Matrix;
import io.argmind.linalg.Pattern;
import io.argmind.problem.Program;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The inequalities eliminated: [P + B + G'DG, A'; A, -delta] is factored as one dense matrix of n +
 * p rows.
 */
final class CondensedSystem implements KktSystem {
    private static final int W = Lanes.WIDTH;

    private final int n;
    private final int p;
    private final int m;
    private final LaneSymmetric K; // [P A'; A 0]
    private final LaneMatrix G;
    private final @Nullable LaneSymmetric sum; // K + G'DG where G is sparse
    private final LaneFactor factor;
    private final double[] diagonal; // [n + p]
    private final double[] D; // [m] of the last factorization
    private final double[] u; // [n + p], padded
    private final double[] v;
    private final double[] t; // [m]

    CondensedSystem(Structure structure) {
        this.n = structure.n();
        this.p = structure.p();
        this.m = structure.m();
        this.K = new LaneSymmetric(n + p);
        Pattern pattern = structure.G();
        if (pattern.isDense()) {
            this.G = new LanePanels(m, n);
            this.sum = null;
        } else {
            this.G = sparse(pattern);
            this.sum = m > 0 ? new LaneSymmetric(n + p) : null;
        }
        this.factor = new LaneFactor(n + p, n);
        this.diagonal = Lanes.vector(n + p);
        this.D = Lanes.vector(m);
        this.u = K.vector();
        this.v = K.vector();
        this.t = Lanes.vector(m);
    }

    private static LaneSparse sparse(Pattern pattern) {
        int[] row = new int[pattern.nnz()];
        int[] col = new int[pattern.nnz()];
        for (int i = 0; i < pattern.rows(); i++) {
            for (int k = pattern.start(i); k < pattern.start(i + 1); k++) {
                row[k] = i;
                col[k] = pattern.col(i, k);
            }
        }
        return new LaneSparse(pattern.rows(), pattern.cols(), row, col);
    }

    @Override
    public void put(int lane, Program program) {
        Matrix P = program.P();
        if (P.pattern().isDense()) {
            K.putSymmetric(lane, P.values(), P.offset(), n);
        }
        Matrix A = program.A();
        if (A.pattern().isDense()) {
            K.putRows(lane, A.values(), A.offset(), p, n, n);
        }
        Matrix rows = program.G();
        if (G instanceof LanePanels dense) {
            dense.put(lane, rows.values(), rows.offset());
        }
        putSparse(lane, program);
    }

    @Override
    public void put(Program[] programs) {
        double[][] values = new double[W][];
        int[] offset = new int[W];
        if (programs[0].P().pattern().isDense()) {
            gather(programs, Program::P, values, offset);
            K.putSymmetric(values, offset, n);
        }
        if (programs[0].A().pattern().isDense()) {
            gather(programs, Program::A, values, offset);
            K.putRows(values, offset, p, n, n);
        }
        if (G instanceof LanePanels dense) {
            gather(programs, Program::G, values, offset);
            dense.put(values, offset);
        }
        for (int l = 0; l < W; l++) {
            putSparse(l, programs[l]);
        }
    }

    /** The matrices that are not dense. */
    private void putSparse(int lane, Program program) {
        Matrix P = program.P();
        if (!P.pattern().isDense()) {
            P.forEach((i, j, value) -> K.set(lane, i, j, value));
        }
        Matrix A = program.A();
        if (!A.pattern().isDense()) {
            A.forEach((i, j, value) -> K.set(lane, n + i, j, value));
        }
        if (G instanceof LaneSparse sparse) {
            Matrix rows = program.G();
            sparse.put(lane, rows.values(), rows.offset(), 0, rows.nnz());
        }
    }

    private static void gather(
            Program[] programs, Function<Program, Matrix> field, double[][] values, int[] offset) {
        for (int l = 0; l < W; l++) {
            Matrix matrix = field.apply(programs[l]);
            values[l] = matrix.values();
            offset[l] = matrix.offset();
        }
    }

    @Override
    public void raiseNorms(double[] cols, double[] rowsA, double[] rowsG) {
        gather(cols, rowsA, u);
        K.raiseNorms(u);
        System.arraycopy(u, 0, cols, 0, n * W);
        System.arraycopy(u, n * W, rowsA, 0, p * W);
        G.raiseNorms(rowsG, cols);
    }

    @Override
    public void addProducts(double[] x, double[] y, double[] rx, double[] ry) {
        gather(x, y, u);
        gather(rx, ry, v);
        K.addTimes(u, v);
        System.arraycopy(v, 0, rx, 0, n * W);
        System.arraycopy(v, n * W, ry, 0, p * W);
    }

    private void gather(double[] x, double[] y, double[] to) {
        System.arraycopy(x, 0, to, 0, n * W);
        System.arraycopy(y, 0, to, n * W, p * W);
        Arrays.fill(to, (n + p) * W, to.length, 0);
    }

    @Override
    public void addG(double[] x, double[] rz) {
        G.addTimes(x, rz);
    }

    @Override
    public void addGTransposed(double[] z, double[] rx) {
        G.addTransposeTimes(z, rx);
    }

    @Override
    public void factor(double[] B, double[] delta, double[] newD) {
        System.arraycopy(B, 0, diagonal, 0, n * W);
        for (int i = 0; i < p * W; i++) {
            diagonal[n * W + i] = -delta[i];
        }
        System.arraycopy(newD, 0, D, 0, m * W);
        switch (G) {
            case LanePanels dense -> factor.factor(K, diagonal, dense, D);
            case LaneSparse sparse -> {
                if (sum != null) {
                    sum.copy(K);
                    sparse.addGram(D, sum);
                }
                factor.factor(sum == null ? K : sum, diagonal, null, null);
            }
        }
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
        gather(rx, ry, u);
        if (m > 0) {
            for (int i = 0; i < m * W; i++) {
                t[i] = D[i] * rz[i];
            }
            G.addTransposeTimes(t, u);
        }
        factor.solve(u);
        System.arraycopy(u, 0, dx, 0, n * W);
        System.arraycopy(u, n * W, dy, 0, p * W);
        if (m > 0) {
            Arrays.fill(Gdx, 0, m * W, 0);
            G.addTimes(dx, Gdx);
            for (int i = 0; i < m * W; i++) {
                dz[i] = D[i] * (Gdx[i] - rz[i]);
            }
        }
    }

    @Override
    public long bytes() {
        return K.bytes() + G.bytes() + factor.bytes() + (sum == null ? 0 : sum.bytes());
    }
}
