package io.argmind.solver.interior;

import io.argmind.linalg.Lanes;
import io.argmind.linalg.Matrix;
import io.argmind.linalg.Pattern;
import io.argmind.problem.Program;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A group of programs side by side, with rows of G and bounds as one set of M = m + lower + upper
 * inequalities E x &lt;= e, where E = [G; -I_lower; I_upper]. A row that a program does not have
 * (an infinite bound or right-hand side) has weight zero in its lane.
 */
final class LaneProgram {
    private static final int W = Lanes.WIDTH;

    private final Structure structure;
    final KktSystem system;
    final int n;
    final int p;
    final int m;
    final int M;
    final double[] c; // [n]
    final double[] b; // [p]
    final double[] e; // [M], 0 where the weight is
    final double[] w; // [M] 1 or 0
    final double[] count = new double[W]; // of rows that exist
    private final boolean[] empty; // [m] 0'x <= h, without a multiplier if h >= 0
    private final double[] B; // [n]
    private final double[] D; // [M]
    private final double[] folded; // [n]
    private long version; // of the factorization

    LaneProgram(Structure structure) {
        this.structure = structure;
        this.system = KktSystem.of(structure);
        this.n = structure.n();
        this.p = structure.p();
        this.m = structure.m();
        this.M = structure.inequalities();
        this.c = Lanes.vector(n);
        this.b = Lanes.vector(p);
        this.e = Lanes.vector(M);
        this.w = Lanes.vector(M);
        this.empty = new boolean[m * W];
        this.B = Lanes.vector(n);
        this.D = Lanes.vector(M);
        this.folded = Lanes.vector(n);
    }

    /**
     * Puts a program into each lane.
     *
     * @param programs [WIDTH]
     */
    void put(Program[] programs) {
        version++;
        system.put(programs);
        for (int l = 0; l < programs.length; l++) {
            markEmptyRows(l, programs[l].G());
            putVectors(l, programs[l]);
        }
    }

    /** Puts another program into one lane. */
    void put(int lane, Program program) {
        version++;
        system.put(lane, program);
        markEmptyRows(lane, program.G());
        putVectors(lane, program);
    }

    private void markEmptyRows(int lane, Matrix G) {
        Pattern pattern = G.pattern();
        for (int i = 0; i < m; i++) {
            boolean none = true;
            for (int k = pattern.start(i); k < pattern.start(i + 1) && none; k++) {
                none = G.values()[G.offset() + k] == 0;
            }
            empty[i * W + lane] = none;
        }
    }

    /** Puts c, b, h and the bounds of a program into a lane whose matrices are there already. */
    void putVectors(int lane, Program program) {
        Lanes.put(program.c(), 0, n, c, lane);
        Lanes.put(program.b(), 0, p, b, lane);
        count[lane] = 0;
        for (int i = 0; i < m; i++) {
            double h = program.h()[i];
            boolean holds = empty[i * W + lane] && h >= 0;
            putRow(i, lane, holds ? Double.POSITIVE_INFINITY : h);
        }
        for (int k = 0; k < structure.lower().length; k++) {
            putRow(m + k, lane, -program.lb()[structure.lower()[k]]);
        }
        for (int k = 0; k < structure.upper().length; k++) {
            putRow(upper() + k, lane, program.ub()[structure.upper()[k]]);
        }
    }

    /**
     * Puts what a solution moves by instead of c, b and h; bounds stand still.
     *
     * @param scale times which the directions are put
     * @param db [p], null for zero
     * @param dh [m], null for zero
     */
    void putDirection(
            int lane, double scale, double[] dc, double @Nullable [] db, double @Nullable [] dh) {
        for (int i = 0; i < n; i++) {
            c[i * W + lane] = scale * dc[i];
        }
        for (int i = 0; i < p; i++) {
            b[i * W + lane] = db == null ? 0 : scale * db[i];
        }
        for (int i = 0; i < M; i++) {
            e[i * W + lane] = dh == null || i >= m ? 0 : scale * dh[i];
        }
    }

    private void putRow(int i, int lane, double rightHandSide) {
        boolean exists = rightHandSide != Double.POSITIVE_INFINITY;
        e[i * W + lane] = exists ? rightHandSide : 0;
        w[i * W + lane] = exists ? 1 : 0;
        count[lane] += exists ? 1 : 0;
    }

    private int upper() {
        return m + structure.lower().length;
    }

    /** v += E x. */
    void addE(double[] x, double[] v) {
        if (m > 0) {
            system.addG(x, v);
        }
        addBounds(x, v);
    }

    private void addBounds(double[] x, double[] v) {
        addBox(structure.lower(), m, -1, x, v);
        addBox(structure.upper(), upper(), 1, x, v);
    }

    private static void addBox(int[] variables, int first, double sign, double[] x, double[] v) {
        for (int k = 0; k < variables.length; k++) {
            int to = (first + k) * W;
            int from = variables[k] * W;
            for (int l = 0; l < W; l++) {
                v[to + l] += sign * x[from + l];
            }
        }
    }

    /** r += E'z. */
    void addETransposed(double[] z, double[] r) {
        if (m > 0) {
            system.addGTransposed(z, r);
        }
        addBoxTransposed(structure.lower(), m, -1, z, r);
        addBoxTransposed(structure.upper(), upper(), 1, z, r);
    }

    private static void addBoxTransposed(
            int[] variables, int first, double sign, double[] z, double[] r) {
        for (int k = 0; k < variables.length; k++) {
            int from = (first + k) * W;
            int to = variables[k] * W;
            for (int l = 0; l < W; l++) {
                r[to + l] += sign * z[from + l];
            }
        }
    }

    /**
     * Factors [P + deltaX, A', E'; A, -deltaY; E, -D^-1].
     *
     * @param newD [M]
     * @param deltaX per lane
     * @param deltaY [p]
     */
    void factor(double[] newD, double[] deltaX, double[] deltaY) {
        System.arraycopy(newD, 0, D, 0, M * W);
        for (int i = 0; i < n; i++) {
            System.arraycopy(deltaX, 0, B, i * W, W);
        }
        addDiagonal(structure.lower(), m);
        addDiagonal(structure.upper(), upper());
        system.factor(B, deltaY, D);
        version++;
    }

    /** A number that no other factorization of these matrices has, nor one of others before. */
    long version() {
        return version;
    }

    private void addDiagonal(int[] variables, int first) {
        for (int k = 0; k < variables.length; k++) {
            int from = (first + k) * W;
            int to = variables[k] * W;
            for (int l = 0; l < W; l++) {
                B[to + l] += D[from + l];
            }
        }
    }

    /**
     * Solves with the last factorization; the right-hand sides stay as they are.
     *
     * @param rx [n]
     * @param ry [p]
     * @param rz [M]
     * @param d overwritten
     */
    void solve(double[] rx, double[] ry, double[] rz, LaneDirection d) {
        System.arraycopy(rx, 0, folded, 0, n * W);
        fold(structure.lower(), m, -1, rz);
        fold(structure.upper(), upper(), 1, rz);
        system.solve(folded, ry, rz, d.x, d.y, d.z, d.Ex);
        Arrays.fill(d.Ex, m * W, M * W, 0);
        addBounds(d.x, d.Ex);
        for (int i = m * W; i < M * W; i++) {
            d.z[i] = D[i] * (d.Ex[i] - rz[i]);
        }
    }

    private void fold(int[] variables, int first, double sign, double[] rz) {
        for (int k = 0; k < variables.length; k++) {
            int from = (first + k) * W;
            int to = variables[k] * W;
            for (int l = 0; l < W; l++) {
                folded[to + l] += sign * D[from + l] * rz[from + l];
            }
        }
    }

    /** rx = P x + c + A'y + E'z, ry = A x - b. */
    void residuals(double[] x, double[] y, double[] z, double[] rx, double[] ry) {
        System.arraycopy(c, 0, rx, 0, n * W);
        for (int i = 0; i < p * W; i++) {
            ry[i] = -b[i];
        }
        system.addProducts(x, y, rx, ry);
        addETransposed(z, rx);
    }

    /** z_box of a lane, from the multipliers of the bounds. */
    double[] box(double[] z, int lane) {
        double[] box = new double[n];
        for (int k = 0; k < structure.lower().length; k++) {
            box[structure.lower()[k]] -= z[(m + k) * W + lane];
        }
        for (int k = 0; k < structure.upper().length; k++) {
            box[structure.upper()[k]] += z[(upper() + k) * W + lane];
        }
        return box;
    }

    /** Puts x of a lane exactly where its active bounds are. */
    void snap(int lane, double[] active, Program program, double[] x) {
        for (int k = 0; k < structure.lower().length; k++) {
            if (active[(m + k) * W + lane] != 0) {
                int i = structure.lower()[k];
                x[i] = program.lb()[i];
            }
        }
        for (int k = 0; k < structure.upper().length; k++) {
            if (active[(upper() + k) * W + lane] != 0) {
                int i = structure.upper()[k];
                x[i] = program.ub()[i];
            }
        }
    }

    /** Writes the multipliers of a point into a lane of z[M]. */
    void putMultipliers(int lane, double[] rows, double[] box, double[] z) {
        Lanes.put(rows, 0, m, z, lane);
        for (int k = 0; k < structure.lower().length; k++) {
            z[(m + k) * W + lane] = Math.max(-box[structure.lower()[k]], 0);
        }
        for (int k = 0; k < structure.upper().length; k++) {
            z[(upper() + k) * W + lane] = Math.max(box[structure.upper()[k]], 0);
        }
    }

    long bytes() {
        return system.bytes() + 8L * W * (4L * n + p + 3L * M);
    }
}
