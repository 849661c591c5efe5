package io.argmind.solver.interior.cone;

import io.argmind.linalg.Vectors;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/**
 * The iteration: a homogeneous embedding with quadratic objective (Goulart and Chen, Clarabel: an
 * interior-point solver for conic programs with quadratic objectives, 2024), Mehrotra's predictor
 * and corrector, one factorization and three solves each time. One run per object.
 */
final class InteriorPoint {
    private static final double FRACTION = 0.99;
    private static final double BACK = 0.8;
    private static final double SHORT = 0.1;
    private static final double TINY = 1e-6;
    private static final double SUSPECT = 1e6;
    private static final double LOOSE = 1e-7;
    private static final double PRECISION = 1e-4;

    /** Iterations after the tolerance is met: they are cheap and quadratically good. */
    private static final int EXTRA = 2;

    /** Iterates with a complementarity below this tend to zero as a whole and decide nothing. */
    private static final double VANISHED = 1e-20;

    /** Iterations without a better iterate or a proof after which none is hoped for. */
    private static final int PATIENCE = 40;

    /** A better iterate is one whose worst residual is this share of the last one's. */
    private static final double NOTABLE = 0.98;

    /** Short steps in a row that may still lead somewhere. */
    private static final int MOST_CRAWLED = 8;

    /** Steps towards the central path in one run. */
    private static final int MOST_CENTERED = 10;

    /** Nothing is gained below this. */
    private static final double ROUNDING = 1e-13;

    private final StandardForm form;
    private final KktSystem kkt;
    private final ConicSettings settings;
    private final BooleanSupplier cancelled;
    final Measures measures;
    final Iterate v;
    final Iterate best;
    int iterations;
    double primal;
    double dual;
    double gap;
    private double least = Double.POSITIVE_INFINITY; // worst residual of the best iterate
    private final Iterate affine;
    private final Iterate step;
    private final Iterate trial;
    private final double[] x2; // [n] the direction of tau
    private final double[] z2; // [m]
    private final double[] px2; // [n] P x2
    private final double[] ds; // [m] right-hand side of the complementarity rows
    private final double[] rx; // [n]
    private final double[] rz; // [m]
    private final double[] hz; // [m] H dz
    private final double[] mx; // [m] M dx
    private final int degree;
    private final boolean symmetric;
    private double enough; // the precision that this iteration's linear solves need
    private boolean dualOnly;
    private int improved; // the iteration that found the best iterate
    private int crawled; // short steps since the last one that was not
    private int centered; // steps towards the central path

    /** Whether to stop where the iterates tell of a certificate but will take long to make one. */
    boolean watchful;

    /** Whether that is why it stopped. */
    boolean diverges;

    InteriorPoint(
            StandardForm form,
            Equilibration scaling,
            KktSystem kkt,
            ConicSettings settings,
            BooleanSupplier cancelled) {
        this.form = form;
        this.kkt = kkt;
        this.settings = settings;
        this.cancelled = cancelled;
        int n = form.n;
        int m = form.m;
        measures = new Measures(form, scaling);
        v = new Iterate(n, m);
        best = new Iterate(n, m);
        affine = new Iterate(n, m);
        step = new Iterate(n, m);
        trial = new Iterate(n, m);
        x2 = new double[n];
        z2 = new double[m];
        px2 = new double[n];
        ds = new double[m];
        rx = new double[n];
        rz = new double[m];
        hz = new double[m];
        mx = new double[m];
        int sum = 0;
        boolean all = true;
        for (ConeBlock block : form.blocks) {
            sum += block.degree();
            all &= block.isSymmetric();
        }
        degree = sum;
        symmetric = all;
    }

    static void negate(double[] from, double[] to) {
        for (int i = 0; i < from.length; i++) {
            to[i] = -from[i];
        }
    }

    /** Iterates until something is decided. The answer is in {@link #v}. */
    ConicStatus run() {
        int extra = 0;
        while (true) {
            measures.take(v);
            if (measures.provesInfeasible(v)) {
                return ConicStatus.INFEASIBLE;
            }
            if (measures.provesUnbounded(v)) {
                return ConicStatus.UNBOUNDED;
            }
            boolean better = remember();
            boolean good = least <= settings.goal();
            if (good && (!better || least <= ROUNDING || extra++ >= EXTRA)) {
                return finish(ConicStatus.OPTIMAL);
            }
            if (watchful && form.p.length > 0 && v.kappa > SUSPECT * v.tau) {
                diverges = true;
                return ConicStatus.NUMERICAL_ERROR;
            }
            if (cancelled.getAsBoolean()) {
                return finish(ConicStatus.CANCELLED);
            }
            if (settings.isLate()) {
                return finish(ConicStatus.TIME_LIMIT);
            }
            if (iterations >= settings.maxIterations()) {
                return finish(ConicStatus.ITERATION_LIMIT);
            }
            if (iterations - improved > PATIENCE || !advance()) {
                return finish(ConicStatus.NUMERICAL_ERROR);
            }
        }
    }

    private boolean remember() {
        double worst = measures.worst();
        if (!(worst < least) && iterations > 0) {
            return false;
        }
        improved = worst < NOTABLE * least ? iterations : improved;
        least = worst;
        best.copy(v);
        primal = measures.primal;
        dual = measures.dual;
        gap = measures.gap;
        return true;
    }

    private ConicStatus finish(ConicStatus status) {
        v.copy(best);
        return least <= settings.tolerance() ? ConicStatus.OPTIMAL : status;
    }

    /** One iteration; false if it cannot move. */
    private boolean advance() {
        double mu = v.complementarity() / (degree + 1);
        iterations++;
        enough = Math.min(LOOSE, PRECISION * Math.min(mu, measures.residual()));
        if (!(mu > VANISHED) || !scale(mu) || !kkt.update()) {
            return retryDualOnly();
        }
        negate(form.q, rx);
        if (!kkt.solve(rx, form.r, x2, z2, enough)) {
            return retryDualOnly();
        }
        form.timesP(x2, px2);
        System.arraycopy(v.s, 0, ds, 0, form.m);
        for (ConeBlock block : form.blocks) {
            if (block instanceof ZeroBlock) {
                Arrays.fill(ds, block.at(), block.at() + block.dim(), 0);
            }
        }
        if (!direction(affine, 1, v.kappa * v.tau)) {
            return retryDualOnly();
        }
        double a = reach(affine);
        double sigma = Math.pow(1 - a, 3);
        for (ConeBlock block : form.blocks) {
            block.correct(v.s, v.z, affine.s, affine.z, sigma * mu, ds);
        }
        double dk = v.kappa * v.tau + affine.kappa * affine.tau - sigma * mu;
        if (!direction(step, 1 - sigma, dk)) {
            return retryDualOnly();
        }
        double length = central(FRACTION * reach(step));
        if (!symmetric && length < SHORT) {
            return dualOnly ? center(mu, length) : retryDualOnly();
        }
        if (length < TINY) {
            return false;
        }
        crawled = 0;
        v.move(length, step);
        return true;
    }

    /**
     * A step towards the central path where the one that was found, left in {@link #step}, hardly
     * gets anywhere.
     */
    private boolean center(double mu, double length) {
        if (++centered <= MOST_CENTERED) {
            Arrays.fill(affine.s, 0);
            Arrays.fill(affine.z, 0);
            for (ConeBlock block : form.blocks) {
                block.correct(v.s, v.z, affine.s, affine.z, mu, ds);
            }
            if (direction(affine, 0, v.kappa * v.tau - mu)) {
                double a = FRACTION * reach(affine);
                if (a > SHORT) {
                    v.move(a, affine);
                    return true;
                }
            }
        }
        if (length < TINY || ++crawled > MOST_CRAWLED) {
            return false;
        }
        v.move(length, step);
        return true;
    }

    /** Nonsymmetric cones have a second, more cautious scaling; there is nothing else to try. */
    private boolean retryDualOnly() {
        if (symmetric || dualOnly) {
            return false;
        }
        dualOnly = true;
        boolean moved = advance();
        dualOnly = false;
        return moved;
    }

    private boolean scale(double mu) {
        for (ConeBlock block : form.blocks) {
            if (!block.scale(v.s, v.z, mu, dualOnly)) {
                return false;
            }
        }
        return true;
    }

    /** The direction that takes away this share of the residuals, with ds and dk. */
    private boolean direction(Iterate d, double share, double dk) {
        for (int j = 0; j < form.n; j++) {
            rx[j] = -share * measures.dx[j];
        }
        for (int i = 0; i < form.m; i++) {
            rz[i] = ds[i] - share * measures.dz[i];
        }
        if (!kkt.solve(rx, rz, d.x, d.z, enough)) {
            return false;
        }
        double px1 = Vectors.dot(measures.px, d.x);
        double pxx2 = Vectors.dot(measures.px, x2);
        double up = share * measures.dtau - dk / v.tau;
        up += 2 * px1 / v.tau + Vectors.dot(form.q, d.x) + Vectors.dot(form.r, d.z);
        double down = v.kappa / v.tau + measures.xPx / (v.tau * v.tau);
        down -= 2 * pxx2 / v.tau + Vectors.dot(form.q, x2) + Vectors.dot(form.r, z2);
        d.tau = up / down;
        for (int j = 0; j < form.n; j++) {
            d.x[j] += d.tau * x2[j];
        }
        for (int i = 0; i < form.m; i++) {
            d.z[i] += d.tau * z2[i];
        }
        slackDirection(d, share);
        d.kappa = -(dk + v.kappa * d.tau) / v.tau;
        return Double.isFinite(d.tau) && Double.isFinite(d.kappa);
    }

    /**
     * ds = -ds - H dz where H is diagonal, which is precise relative to each small slack; from the
     * primal residual for the other cones, because a product with an H near the boundary would
     * spoil feasibility by more than the residual that is left.
     */
    private void slackDirection(Iterate d, double share) {
        form.times(d.x, mx);
        for (ConeBlock block : form.blocks) {
            int end = block.at() + block.dim();
            boolean diagonal = block.layout() == ConeBlock.Layout.DIAGONAL;
            if (diagonal) {
                block.times(d.z, hz);
            }
            for (int i = block.at(); i < end; i++) {
                d.s[i] =
                        diagonal
                                ? -ds[i] - hz[i]
                                : form.r[i] * d.tau - share * measures.dz[i] - mx[i];
            }
        }
    }

    private double reach(Iterate d) {
        double a = 1;
        if (d.tau < 0) {
            a = Math.min(a, -v.tau / d.tau);
        }
        if (d.kappa < 0) {
            a = Math.min(a, -v.kappa / d.kappa);
        }
        for (ConeBlock block : form.blocks) {
            if (block.isSymmetric()) {
                a = block.step(v.s, v.z, d.s, d.z, a);
            }
        }
        for (ConeBlock block : form.blocks) {
            if (!block.isSymmetric()) {
                a = block.step(v.s, v.z, d.s, d.z, a);
            }
        }
        return a;
    }

    /** Shortens a step until the nonsymmetric cones are near the central path. */
    private double central(double most) {
        if (symmetric) {
            return most;
        }
        double a = most;
        while (a >= TINY) {
            trial.set(v, a, step);
            double mu = trial.complementarity() / (degree + 1);
            boolean central = true;
            for (ConeBlock block : form.blocks) {
                central &= block.isCentral(trial.s, trial.z, mu);
            }
            if (central) {
                return a;
            }
            a *= BACK;
        }
        return 0;
    }
}
