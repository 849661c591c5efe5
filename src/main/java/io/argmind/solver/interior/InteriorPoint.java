package io.argmind.solver.interior;

import io.argmind.linalg.Lanes;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/**
 * Mehrotra's predictor-corrector method (Mehrotra 1992; for quadratic objectives as in Gertz and
 * Wright 2003) on a group of programs. Each lane goes its own way: it takes its own steps, and is
 * left alone once it has converged or given up; nothing that one lane holds reaches another.
 */
final class InteriorPoint {
    /** What became of a lane. */
    enum Outcome {
        RUNNING,
        CONVERGED,
        /** No progress: probably infeasible, unbounded, or too badly scaled. */
        STUCK,
        ITERATION_LIMIT,
        /** Not begun, or told to stop. */
        STOPPED
    }

    private static final int W = Lanes.WIDTH;

    /** The part of the way to the boundary that a step goes. */
    private static final double TO_BOUNDARY = 0.995;

    /** Slacks and multipliers of the first point are at least this. */
    private static final double FLOOR = 1e-8;

    /** Regularizations, relative to equilibrated data; refinement takes their effect out. */
    private static final double DELTA_X = 1e-8;

    private static final double DELTA_Y = 1e-8;

    /** Directions are refined until their relative residual is below this, at most a few times. */
    private static final double REFINE_TO = 1e-6;

    private static final int REFINEMENTS = 3;

    /** Lanes that need more iterations than this are left to a slower and more robust method. */
    private static final int PATIENCE = 60;

    /** A lane whose error has grown this much has come to the end of its digits. */
    private static final double LOST = 1e4;

    /** A lane that has not come closer for this many iterations may be going in circles. */
    private static final int CYCLE = 4;

    /** Closer than this, it is rounding that keeps a lane from coming closer still. */
    private static final double END_OF_DIGITS = 1e-6;

    /** What gets it out of them: no second-order term, and at least this much centering. */
    private static final double CENTERED = 0.3;

    private static final int SHORT_STEPS = 5;
    private static final double SHORT = 1e-3;

    private final LaneProgram q;
    private final boolean linear;
    final LanePoint point;
    private final LanePoint best;

    /**
     * [M] s dz - z ds of the last step: positive where the slack falls faster than its multiplier,
     * which tells active rows from others whatever the units are (Tapia 1980).
     */
    final double[] leaning;

    private final double[] s; // [M]
    private final double[] rx; // P x + c + A'y + E'z
    private final double[] ry; // A x - b
    private final double[] Ex; // [M]
    private final double[] base; // w (e - E x)
    private final double[] rhsX;
    private final double[] rhsY;
    private final double[] rhsZ;
    private final double[] ds; // [M]
    private final double[] lean; // [M] what leaning becomes in lanes that move
    private final LaneDirection d;
    private final LaneDirection correction;
    private final double[] productX; // P dx + A'dy + E'dz
    private final double[] productY; // A dx
    private final double[] leftX;
    private final double[] leftY;
    private final double[] zero; // [M]
    private final double[] D;
    private final double[] deltaY;
    private final double[] deltaX;

    final Outcome[] outcome = new Outcome[W];
    final int[] iterations = new int[W];
    private final int[] improved = new int[W]; // the iteration in which the error last fell
    private final int[] shortSteps = new int[W];
    private final double[] alphaX = new double[W];
    private final double[] alphaZ = new double[W];
    private final double[] mu = new double[W];
    private final double[] error = new double[W];
    private final double[] bestError = new double[W];
    private final double[] scaleX = new double[W]; // max(|b|, |e|)
    private final double[] scaleC = new double[W]; // |c|

    /**
     * @param linear whether the objective is, so that x and z may take steps of their own
     */
    InteriorPoint(LaneProgram program, boolean linear) {
        this.q = program;
        this.linear = linear;
        this.point = new LanePoint(program);
        this.best = new LanePoint(program);
        this.d = new LaneDirection(program);
        this.correction = new LaneDirection(program);
        int n = program.n;
        int p = program.p;
        int M = program.M;
        this.s = Lanes.vector(M);
        this.leaning = Lanes.vector(M);
        this.lean = Lanes.vector(M);
        this.rx = Lanes.vector(n);
        this.ry = Lanes.vector(p);
        this.Ex = Lanes.vector(M);
        this.base = Lanes.vector(M);
        this.rhsX = Lanes.vector(n);
        this.rhsY = Lanes.vector(p);
        this.rhsZ = Lanes.vector(M);
        this.ds = Lanes.vector(M);
        this.productX = Lanes.vector(n);
        this.productY = Lanes.vector(p);
        this.leftX = Lanes.vector(n);
        this.leftY = Lanes.vector(p);
        this.zero = Lanes.vector(M);
        this.D = Lanes.vector(M);
        this.deltaX = new double[W];
        Arrays.fill(deltaX, DELTA_X);
        this.deltaY = Lanes.vector(p);
        Arrays.fill(deltaY, DELTA_Y);
    }

    /** The relative error of a lane's point: the largest of its three residuals. */
    double error(int lane) {
        return error[lane];
    }

    /**
     * The usual first point: least-norm slacks and multipliers, moved into the interior.
     *
     * @param lanes which lanes hold programs
     */
    void start(boolean[] lanes) {
        for (int l = 0; l < W; l++) {
            outcome[l] = lanes[l] ? Outcome.RUNNING : Outcome.STOPPED;
            iterations[l] = 0;
            improved[l] = 0;
            shortSteps[l] = 0;
            bestError[l] = Double.POSITIVE_INFINITY;
        }
        for (int i = 0; i < q.n * W; i++) {
            rhsX[i] = -q.c[i];
        }
        q.factor(q.w, deltaX, deltaY);
        q.solve(rhsX, q.b, q.e, d);
        System.arraycopy(d.x, 0, point.x, 0, q.n * W);
        System.arraycopy(d.y, 0, point.y, 0, q.p * W);
        System.arraycopy(d.Ex, 0, Ex, 0, q.M * W);
        moveInside();
        for (int i = 0; i < q.M * W; i++) {
            leaning[i] = point.z[i] - s[i]; // until a step says more
        }
        Arrays.fill(scaleX, 0);
        Arrays.fill(scaleC, 0);
        Lanes.maxAbs(q.b, q.p, scaleX);
        Lanes.maxAbs(q.e, q.M, scaleX);
        Lanes.maxAbs(q.c, q.n, scaleC);
        q.residuals(point.x, point.y, point.z, rx, ry);
        measure();
    }

    private void moveInside() {
        double[] shiftS = new double[W];
        double[] shiftZ = new double[W];
        for (int i = 0; i < q.M * W; i++) {
            s[i] = -d.z[i];
        }
        Lanes.max(d.z, q.M, shiftS);
        Lanes.max(s, q.M, shiftZ);
        for (int l = 0; l < W; l++) {
            shiftS[l] = shiftS[l] > 0 ? 1 + shiftS[l] : 0;
            shiftZ[l] = shiftZ[l] > 0 ? 1 + shiftZ[l] : 0;
        }
        for (int i = 0; i < q.M; i++) {
            for (int l = 0; l < W; l++) {
                int at = i * W + l;
                boolean there = q.w[at] != 0;
                s[at] = there ? Math.max(s[at] + shiftS[l], FLOOR) : 1;
                point.z[at] = there ? Math.max(d.z[at] + shiftZ[l], FLOOR) : 0;
            }
        }
    }

    /** mu of every lane, and the relative error of those that run. */
    private void measure() {
        double[] primal = new double[W];
        double[] dual = new double[W];
        double[] size = new double[W];
        double[] cx = new double[W];
        for (int i = 0; i < q.M * W; i++) {
            base[i] = q.w[i] * (q.e[i] - Ex[i]);
            rhsZ[i] = base[i] - q.w[i] * s[i];
        }
        Lanes.maxAbs(ry, q.p, primal);
        Lanes.maxAbs(rhsZ, q.M, primal);
        Lanes.maxAbs(rx, q.n, dual);
        Lanes.maxAbs(point.x, q.n, size);
        Lanes.dot(q.c, point.x, q.n, cx);
        Lanes.dot(s, point.z, q.M, mu);
        for (int l = 0; l < W; l++) {
            double gap = mu[l] / (1 + Math.abs(cx[l]));
            mu[l] = q.count[l] > 0 ? mu[l] / q.count[l] : 0;
            double scale = 1 + Math.max(scaleX[l], size[l]);
            double relative = Math.max(primal[l] / scale, dual[l] / (1 + scaleC[l]));
            if (outcome[l] == Outcome.RUNNING) {
                // a lane that went back to its best point keeps the error of that
                error[l] = Math.max(relative, gap);
            }
        }
    }

    /**
     * Iterates until every running lane has converged or given up.
     *
     * @param tolerance of the relative error
     * @param stop looked at in every iteration
     */
    void run(double tolerance, int maxIterations, BooleanSupplier stop) {
        boolean[] entered = new boolean[W];
        for (int l = 0; l < W; l++) {
            entered[l] = outcome[l] == Outcome.RUNNING;
        }
        while (decide(tolerance, maxIterations)) {
            if (stop.getAsBoolean()) {
                for (int l = 0; l < W; l++) {
                    outcome[l] = outcome[l] == Outcome.RUNNING ? Outcome.STOPPED : outcome[l];
                }
                break;
            }
            iterate();
        }
        goBackToBest(entered);
    }

    /** Where a lane ended without converging, its best point is what it has. */
    private void goBackToBest(boolean[] entered) {
        boolean[] back = new boolean[W];
        for (int l = 0; l < W; l++) {
            back[l] = entered[l] && outcome[l] != Outcome.CONVERGED;
            error[l] = back[l] ? bestError[l] : error[l];
        }
        point.copyWhere(back, best);
    }

    private void rememberBest() {
        boolean[] better = new boolean[W];
        for (int l = 0; l < W; l++) {
            better[l] = outcome[l] == Outcome.RUNNING && error[l] < bestError[l];
            improved[l] = error[l] < 0.9 * bestError[l] ? iterations[l] : improved[l];
            bestError[l] = better[l] ? error[l] : bestError[l];
        }
        best.copyWhere(better, point);
    }

    /** Whether a lane still runs. */
    private boolean decide(double tolerance, int maxIterations) {
        rememberBest();
        boolean any = false;
        for (int l = 0; l < W; l++) {
            if (outcome[l] != Outcome.RUNNING) {
                continue;
            }
            if (error[l] <= tolerance) {
                outcome[l] = Outcome.CONVERGED;
            } else if (!Double.isFinite(error[l])
                    || error[l] > LOST * bestError[l]
                    || shortSteps[l] >= SHORT_STEPS
                    || iterations[l] >= PATIENCE) {
                outcome[l] = Outcome.STUCK;
            } else if (iterations[l] >= maxIterations) {
                outcome[l] = Outcome.ITERATION_LIMIT;
            } else {
                any = true;
            }
        }
        return any;
    }

    /** Goes on in lanes that had converged to a looser tolerance. */
    void resume(boolean[] lanes) {
        for (int l = 0; l < W; l++) {
            outcome[l] = lanes[l] ? Outcome.RUNNING : outcome[l];
        }
    }

    private void iterate() {
        for (int i = 0; i < q.M * W; i++) {
            D[i] = point.z[i] / s[i];
        }
        q.factor(D, deltaX, deltaY);
        for (int i = 0; i < q.n * W; i++) {
            rhsX[i] = -rx[i];
        }
        for (int i = 0; i < q.p * W; i++) {
            rhsY[i] = -ry[i];
        }
        q.solve(rhsX, rhsY, base, d);
        slackDirection();
        double[] target = target();
        // where the predictor could not go far, its second-order term says little (Colombo and
        // Gondzio 2008); the whole of it makes a few programs cycle
        double[] weight = new double[W];
        for (int l = 0; l < W; l++) {
            weight[l] = cycles(l) ? 0 : Math.min(1, 4 * alphaX[l] * alphaZ[l]);
        }
        Lanes.corrector(base, ds, d.z, point.z, q.w, weight, target, rhsZ, q.M);
        q.solve(rhsX, rhsY, rhsZ, d);
        refine();
        slackDirection();
        step(TO_BOUNDARY);
        move();
        measure();
    }

    /** ds = e - E x - s - E dx in rows that exist. */
    private void slackDirection() {
        for (int i = 0; i < q.M * W; i++) {
            ds[i] = base[i] - q.w[i] * (s[i] + d.Ex[i]);
        }
    }

    /** sigma mu, from how far the predictor alone would come. */
    private double[] target() {
        step(1);
        double[] after = new double[W];
        Lanes.complementarity(s, ds, point.z, d.z, alphaX, alphaZ, q.M, after);
        for (int l = 0; l < W; l++) {
            double ratio = q.count[l] > 0 && mu[l] > 0 ? after[l] / q.count[l] / mu[l] : 0;
            double sigma = Math.min(ratio * ratio * ratio, 1);
            sigma = cycles(l) ? Math.max(sigma, CENTERED) : sigma;
            after[l] = sigma > 0 ? sigma * mu[l] : 0;
        }
        return after;
    }

    private boolean cycles(int l) {
        return iterations[l] - improved[l] >= CYCLE && error[l] > END_OF_DIGITS;
    }

    /** The step lengths; with a quadratic objective x and z move together. */
    private void step(double part) {
        Arrays.fill(alphaX, 1 / part);
        Arrays.fill(alphaZ, 1 / part);
        Lanes.step(s, ds, q.M, alphaX);
        Lanes.step(point.z, d.z, q.M, alphaZ);
        for (int l = 0; l < W; l++) {
            alphaX[l] = Math.min(1, part * alphaX[l]);
            alphaZ[l] = Math.min(1, part * alphaZ[l]);
            if (!linear) {
                alphaX[l] = Math.min(alphaX[l], alphaZ[l]);
                alphaZ[l] = alphaX[l];
            }
        }
    }

    private void move() {
        boolean[] still = new boolean[W];
        for (int l = 0; l < W; l++) {
            still[l] = outcome[l] != Outcome.RUNNING;
            if (still[l]) {
                alphaX[l] = 0;
                alphaZ[l] = 0;
            } else {
                iterations[l]++;
                boolean isShort = Math.min(alphaX[l], alphaZ[l]) < SHORT;
                shortSteps[l] = isShort ? shortSteps[l] + 1 : 0;
            }
        }
        for (int i = 0; i < q.M * W; i++) {
            lean[i] = s[i] * d.z[i] - point.z[i] * ds[i];
        }
        boolean[] moving = ActiveSetNewton.others(still);
        Lanes.copyWhere(moving, lean, leaning, q.M);
        d.clearWhere(still);
        Lanes.fillWhere(still, LaneDirection.STILL, ds, q.M);
        Lanes.fillWhere(still, LaneDirection.STILL, productX, q.n);
        Lanes.fillWhere(still, LaneDirection.STILL, productY, q.p);
        Lanes.addTimes(alphaX, d.x, point.x, q.n);
        Lanes.addTimes(alphaZ, d.y, point.y, q.p);
        Lanes.addTimes(alphaZ, d.z, point.z, q.M);
        Lanes.addTimes(alphaX, ds, s, q.M);
        Lanes.addTimes(alphaX, d.Ex, Ex, q.M);
        Lanes.addTimes(alphaZ, productX, rx, q.n);
        Lanes.addTimes(alphaX, productY, ry, q.p);
    }

    /**
     * Takes the effect of the regularization, and of rounding, out of the direction, in the lanes
     * that need it; and forms the products with it.
     */
    private void refine() {
        boolean[] rough = new boolean[W];
        Arrays.fill(rough, true);
        for (int k = 0; ; k++) {
            Arrays.fill(productX, 0);
            Arrays.fill(productY, 0);
            q.system.addProducts(d.x, d.y, productX, productY);
            q.addETransposed(d.z, productX);
            if (k == REFINEMENTS || !isRough(rough)) {
                return;
            }
            q.solve(leftX, leftY, zero, correction);
            boolean[] fine = new boolean[W];
            for (int l = 0; l < W; l++) {
                fine[l] = !rough[l];
            }
            correction.clearWhere(fine);
            add(correction.x, d.x);
            add(correction.y, d.y);
            add(correction.z, d.z);
            add(correction.Ex, d.Ex);
        }
    }

    private static void add(double[] x, double[] y) {
        for (int i = 0; i < x.length; i++) {
            y[i] += x[i];
        }
    }

    /** What the direction leaves of the right-hand sides, and whether a lane needs another go. */
    private boolean isRough(boolean[] rough) {
        double[] left = new double[W];
        double[] size = new double[W];
        for (int i = 0; i < q.n * W; i++) {
            leftX[i] = rhsX[i] - productX[i];
        }
        for (int i = 0; i < q.p * W; i++) {
            leftY[i] = rhsY[i] - productY[i];
        }
        Lanes.maxAbs(leftX, q.n, left);
        Lanes.maxAbs(leftY, q.p, left);
        Lanes.maxAbs(rhsX, q.n, size);
        Lanes.maxAbs(rhsY, q.p, size);
        boolean any = false;
        for (int l = 0; l < W; l++) {
            double enough =
                    Math.max(REFINE_TO * size[l], 1e-13 * (1 + Math.max(scaleC[l], scaleX[l])));
            rough[l] = rough[l] && outcome[l] == Outcome.RUNNING && left[l] > enough;
            any |= rough[l];
        }
        return any;
    }
}
