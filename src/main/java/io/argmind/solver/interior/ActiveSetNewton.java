package io.argmind.solver.interior;

import io.argmind.linalg.Lanes;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/**
 * The semismooth Newton method on the optimality conditions, in its form as a primal-dual
 * active-set method (Hintermueller, Ito, Kunisch 2002): guess which inequalities hold with
 * equality, solve the equality-constrained program, correct the guess by the signs of slacks and
 * multipliers. From a good guess it ends at an optimum that is exact up to rounding; from a bad one
 * it may cycle, which it notices by running out of tries.
 *
 * <p>The equality-constrained program is solved by the method of multipliers with a large penalty,
 * so that redundant active rows do no harm and the matrix keeps the pattern of the interior-point
 * method.
 */
final class ActiveSetNewton {
    private static final int W = Lanes.WIDTH;

    /** Penalty of active rows and of equalities, relative to equilibrated data. */
    private static final double PENALTY = 1e6;

    /** Proximal regularization of x. */
    private static final double DELTA_X = 1e-6;

    /** The equality-constrained program is solved to this relative residual. */
    private static final double SHARP = 2e-15;

    /** Residuals that are accepted where rounding allows no better. */
    private static final double ENOUGH = 1e-12;

    /** Slacks and multipliers of the wrong sign are rounding if smaller than this, relative. */
    private static final double ROUNDING = 1e-13;

    /** Points and multipliers may be larger than the data by this before it counts against them. */
    private static final double PROPORTION = 1e3;

    private static final int MULTIPLIER_STEPS = 8;

    private final LaneProgram q;
    final LanePoint point;
    final double[] active; // [M] 1 or 0
    private final double[] s; // [M] w (e - E x)
    private final double[] rx;
    private final double[] ry;
    private final double[] rz; // [M] e - E x in active rows
    private final double[] Ex;
    private final LaneDirection d;
    private final double[] D;
    private final double[] deltaX = new double[W];
    private final double[] deltaY;
    private final double[] factored; // [M] the active rows that are in the matrix
    private final boolean[] isFactored = new boolean[W];
    private final RowUpdates updates;
    private final LanePoint before;
    private long version = -1; // of the factorization
    private final double[] scaleX = new double[W];
    private final double[] scaleC = new double[W];
    private final double[] error = new double[W];

    /** Lanes whose point is optimal. */
    final boolean[] solved = new boolean[W];

    /** Guesses that each lane has tried. */
    final int[] tries = new int[W];

    /**
     * @param mostUpdates rows of a lane that may change before its matrix is factored anew
     */
    ActiveSetNewton(LaneProgram program, int mostUpdates) {
        this.q = program;
        this.point = new LanePoint(program);
        this.d = new LaneDirection(program);
        int n = program.n;
        int p = program.p;
        int M = program.M;
        this.active = Lanes.vector(M);
        this.s = Lanes.vector(M);
        this.rx = Lanes.vector(n);
        this.ry = Lanes.vector(p);
        this.rz = Lanes.vector(M);
        this.Ex = Lanes.vector(M);
        this.D = Lanes.vector(M);
        this.factored = Lanes.vector(M);
        this.updates = new RowUpdates(program, PENALTY, mostUpdates);
        this.before = new LanePoint(program);
        Arrays.fill(deltaX, DELTA_X);
        this.deltaY = Lanes.vector(p);
        Arrays.fill(deltaY, 1 / PENALTY);
    }

    /** The slack of row i of a lane's point. */
    double slack(int i, int lane) {
        return s[i * W + lane];
    }

    /**
     * Starts some lanes from a point inside, where the last step shows which rows are active.
     *
     * @param leaning [M] positive in active rows
     */
    void guess(boolean[] lanes, LanePoint from, double[] leaning) {
        point.copyWhere(lanes, from);
        for (int i = 0; i < q.M; i++) {
            for (int l = 0; l < W; l++) {
                int at = i * W + l;
                if (lanes[l]) {
                    active[at] = q.w[at] != 0 && leaning[at] > 0 ? 1 : 0;
                }
            }
        }
    }

    /** Takes the rows whose multiplier is larger than their slack for active, in some lanes. */
    void guess(boolean[] lanes, LanePoint from) {
        point.copyWhere(lanes, from);
        slacks();
        for (int i = 0; i < q.M; i++) {
            for (int l = 0; l < W; l++) {
                int at = i * W + l;
                if (lanes[l]) {
                    active[at] = q.w[at] != 0 && point.z[at] > s[at] ? 1 : 0;
                }
            }
        }
    }

    private void slacks() {
        Arrays.fill(Ex, 0);
        q.addE(point.x, Ex);
        for (int i = 0; i < q.M * W; i++) {
            s[i] = q.w[i] * (q.e[i] - Ex[i]);
        }
    }

    /**
     * Solves from the current points and guesses.
     *
     * @param lanes which lanes to solve; the points of others stay as they are
     * @param maxTries guesses
     */
    void run(boolean[] lanes, int maxTries, BooleanSupplier stop) {
        boolean[] running = lanes.clone();
        for (int l = 0; l < W; l++) {
            if (lanes[l]) {
                solved[l] = false;
                tries[l] = 0;
            }
        }
        scales();
        for (int k = 0; k < maxTries && any(running) && !stop.getAsBoolean(); k++) {
            solveGuess(running);
            for (int l = 0; l < W; l++) {
                if (running[l]) {
                    tries[l]++;
                    boolean sharp = error[l] <= ENOUGH;
                    boolean changed = Double.isFinite(error[l]) && regroup(l);
                    solved[l] = sharp && !changed;
                    running[l] = changed;
                }
            }
        }
    }

    private void scales() {
        Arrays.fill(scaleX, 0);
        Arrays.fill(scaleC, 0);
        Lanes.maxAbs(q.b, q.p, scaleX);
        Lanes.maxAbs(q.e, q.M, scaleX);
        Lanes.maxAbs(q.c, q.n, scaleC);
    }

    /**
     * Solves for the guesses. A lane whose matrix differs in few rows from what was factored last
     * goes on with that, as long as it is precise enough.
     */
    private void solveGuess(boolean[] lanes) {
        forgetOthers();
        boolean[] anew = new boolean[W];
        for (int l = 0; l < W; l++) {
            anew[l] = lanes[l] && !(isFactored[l] && updates.put(l, factored, active));
        }
        dropInactive(lanes);
        if (any(anew)) {
            refactor(anew);
        }
        updates.prepare(lanes, factored, active);
        before.copyWhere(lanes, point);
        solveEqualities(lanes);
        boolean[] rough = new boolean[W];
        for (int l = 0; l < W; l++) {
            rough[l] = lanes[l] && updates.any(l) && !(error[l] <= ENOUGH);
        }
        if (any(rough)) {
            point.copyWhere(rough, before);
            refactor(rough);
            solveEqualities(rough);
        }
    }

    /** Factors for the guesses; rows that are not active have no multiplier from here on. */
    void factor(boolean[] lanes) {
        forgetOthers();
        dropInactive(lanes);
        refactor(lanes);
    }

    /** Somebody else may have factored another matrix since. */
    private void forgetOthers() {
        if (version != q.version()) {
            Arrays.fill(isFactored, false);
        }
    }

    private void dropInactive(boolean[] lanes) {
        for (int i = 0; i < q.M; i++) {
            for (int l = 0; l < W; l++) {
                if (lanes[l]) {
                    point.z[i * W + l] *= active[i * W + l];
                }
            }
        }
    }

    /** Factors for the guesses in some lanes, and for the same as before in the others. */
    private void refactor(boolean[] lanes) {
        Lanes.copyWhere(lanes, active, factored, q.M);
        for (int l = 0; l < W; l++) {
            if (lanes[l]) {
                isFactored[l] = true;
                updates.clear(l);
            }
        }
        for (int i = 0; i < q.M * W; i++) {
            D[i] = factored[i] * PENALTY;
        }
        q.factor(D, deltaX, deltaY);
        version = q.version();
    }

    /**
     * Solves from zero with the current factorization and guess, where c, b and e are directions.
     *
     * @return in which lanes that succeeded
     */
    boolean[] solveDirections(boolean[] lanes) {
        Arrays.fill(point.x, 0);
        Arrays.fill(point.y, 0);
        Arrays.fill(point.z, 0);
        scales();
        solveEqualities(lanes);
        boolean[] done = new boolean[W];
        for (int l = 0; l < W; l++) {
            done[l] = lanes[l] && error[l] <= ENOUGH;
        }
        return done;
    }

    /** The method of multipliers with the current factorization, until no lane gets better. */
    private void solveEqualities(boolean[] lanes) {
        boolean[] running = lanes.clone();
        double[] last = new double[W];
        Arrays.fill(last, Double.POSITIVE_INFINITY);
        for (int k = 0; ; k++) {
            measure(running);
            for (int l = 0; l < W; l++) {
                running[l] &= error[l] > SHARP && error[l] < 0.5 * last[l];
                last[l] = error[l];
            }
            if (k == MULTIPLIER_STEPS || !any(running)) {
                return;
            }
            for (int i = 0; i < q.n * W; i++) {
                rx[i] = -rx[i];
            }
            for (int i = 0; i < q.p * W; i++) {
                ry[i] = -ry[i];
            }
            q.solve(rx, ry, rz, d);
            updates.correct(running, active, rz, d);
            d.clearWhere(others(running));
            add(d.x, point.x);
            add(d.y, point.y);
            add(d.z, point.z);
        }
    }

    /**
     * Moves the point to star + ratio (point - star) in every lane, which is where it should be
     * when what is perturbed is perturbed ratio times as much.
     */
    void extrapolate(LanePoint star, double[] ratio) {
        double[] rest = new double[W];
        for (int l = 0; l < W; l++) {
            rest[l] = 1 - ratio[l];
        }
        Lanes.scaleAndAdd(rest, star.x, ratio, point.x, q.n);
        Lanes.scaleAndAdd(rest, star.y, ratio, point.y, q.p);
        Lanes.scaleAndAdd(rest, star.z, ratio, point.z, q.M);
        for (int i = 0; i < q.M * W; i++) {
            point.z[i] *= active[i];
        }
    }

    /**
     * Solves with the current factorization and guess alone, and says where that is the optimum:
     * where no sign is wrong.
     */
    void solveHere(boolean[] lanes) {
        scales();
        solveEqualities(lanes);
        for (int l = 0; l < W; l++) {
            if (lanes[l]) {
                tries[l] = 1;
                solved[l] = error[l] <= ENOUGH && !isWrong(l);
            }
        }
    }

    private boolean isWrong(int l) {
        for (int i = 0; i < q.M; i++) {
            int at = i * W + l;
            if (active[at] != 0 ? point.z[at] < -tolZ(l) : s[at] < -tolS(l)) {
                return true;
            }
        }
        return false;
    }

    private double tolS(int l) {
        return ROUNDING * (1 + scaleX[l]);
    }

    private double tolZ(int l) {
        return ROUNDING * (1 + scaleC[l]);
    }

    /** The residuals of the equality-constrained program, and how large they are relative to it. */
    private void measure(boolean[] lanes) {
        q.residuals(point.x, point.y, point.z, rx, ry);
        slacks();
        for (int i = 0; i < q.M * W; i++) {
            rz[i] = active[i] * s[i];
        }
        double[] primal = new double[W];
        double[] dual = new double[W];
        double[] sizeX = new double[W];
        double[] sizeY = new double[W];
        Lanes.maxAbs(ry, q.p, primal);
        Lanes.maxAbs(rz, q.M, primal);
        Lanes.maxAbs(rx, q.n, dual);
        Lanes.maxAbs(point.x, q.n, sizeX);
        Lanes.maxAbs(point.y, q.p, sizeY);
        Lanes.maxAbs(point.z, q.M, sizeY);
        for (int l = 0; l < W; l++) {
            if (lanes[l]) {
                double scale = scale(scaleX[l], sizeX[l]);
                double scaleDual = scale(scaleC[l], Math.max(sizeX[l], sizeY[l]));
                error[l] = Math.max(primal[l] / scale, dual[l] / scaleDual);
            }
        }
    }

    /**
     * What residuals are measured by: the data, and the terms that cancel in them as far as they
     * are not out of proportion. Next to a point that is far away any residual would look small.
     */
    private static double scale(double data, double terms) {
        return 1 + Math.max(data, Math.min(terms, PROPORTION * (1 + data)));
    }

    /** Corrects a lane's guess by the signs; whether anything changed. */
    private boolean regroup(int l) {
        boolean changed = false;
        for (int i = 0; i < q.M; i++) {
            int at = i * W + l;
            if (active[at] != 0 && point.z[at] < -tolZ(l)) {
                active[at] = 0;
                changed = true;
            } else if (active[at] == 0 && s[at] < -tolS(l)) {
                active[at] = 1;
                changed = true;
            }
        }
        return changed;
    }

    private static void add(double[] x, double[] y) {
        for (int i = 0; i < x.length; i++) {
            y[i] += x[i];
        }
    }

    static boolean[] others(boolean[] lanes) {
        boolean[] out = new boolean[W];
        for (int l = 0; l < W; l++) {
            out[l] = !lanes[l];
        }
        return out;
    }

    static boolean any(boolean[] lanes) {
        for (boolean lane : lanes) {
            if (lane) {
                return true;
            }
        }
        return false;
    }
}
