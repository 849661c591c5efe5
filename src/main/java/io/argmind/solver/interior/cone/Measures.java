package io.argmind.solver.interior.cone;

import io.argmind.linalg.Vectors;
import java.util.Arrays;

/**
 * Residuals of the homogeneous model P x + M'z + q tau = 0, M x + s = r tau, x'Px / tau + q'x + r'z
 * + kappa = 0 in scaled units, and how good the iterate is as an answer to the program as it was
 * given.
 */
final class Measures {
    private static final double CERTIFICATE = 1e-9;
    private static final double STRENGTH = 2e-7;

    final double[] dx; // [n] P x + M'z + q tau
    final double[] dz; // [m] M x + s - r tau
    double dtau;
    final double[] px; // [n] P x
    double xPx;
    double primal; // relative residuals of x / tau, z / tau in the program's units
    double dual;
    double gap;
    private final StandardForm form;
    private final Equilibration scaling;
    private final double[] mz; // [n] M'z
    private double qx;
    private double rz;
    private double normR;
    private double normQ;
    private final double[]
            rowSize; // [m] the largest entry of its rows of M, in the program's units

    Measures(StandardForm form, Equilibration scaling) {
        this.form = form;
        this.scaling = scaling;
        dx = new double[form.n];
        dz = new double[form.m];
        px = new double[form.n];
        mz = new double[form.n];
        rowSize = new double[form.m];
        for (int i = 0; i < form.m; i++) {
            normR = Math.max(normR, Math.abs(form.r[i]) / scaling.e[i]);
            for (int k = form.start[i]; k < form.start[i + 1]; k++) {
                double size = Math.abs(form.a[k]) / (scaling.e[i] * scaling.d[form.col[k]]);
                rowSize[i] = Math.max(rowSize[i], size);
            }
        }
        for (ConeBlock block : form.blocks) {
            if (!(block instanceof ZeroBlock || block instanceof NonnegativeBlock)) {
                int end = block.at() + block.dim();
                double largest = 0;
                for (int i = block.at(); i < end; i++) {
                    largest = Math.max(largest, rowSize[i]);
                }
                Arrays.fill(rowSize, block.at(), end, largest);
            }
        }
        for (int j = 0; j < form.n; j++) {
            normQ = Math.max(normQ, Math.abs(form.q[j]) / (scaling.f * scaling.d[j]));
        }
    }

    void take(Iterate v) {
        form.timesP(v.x, px);
        form.timesTransposed(v.z, mz);
        form.times(v.x, dz);
        xPx = Vectors.dot(v.x, px);
        qx = Vectors.dot(form.q, v.x);
        rz = Vectors.dot(form.r, v.z);
        double f = 1 / (scaling.f * v.tau);
        double worst = 0;
        double terms = 0;
        for (int j = 0; j < form.n; j++) {
            dx[j] = px[j] + mz[j] + form.q[j] * v.tau;
            double unit = f / scaling.d[j];
            worst = Math.max(worst, Math.abs(dx[j]) * unit);
            terms = Math.max(terms, Math.max(Math.abs(px[j]), Math.abs(mz[j])) * unit);
        }
        dual = worst / Math.max(1, Math.max(normQ, terms));
        worst = 0;
        terms = 0;
        for (int i = 0; i < form.m; i++) {
            dz[i] += v.s[i] - form.r[i] * v.tau;
            double unit = 1 / (scaling.e[i] * v.tau);
            worst = Math.max(worst, Math.abs(dz[i]) * unit);
            terms = Math.max(terms, Math.abs(v.s[i]) * unit);
        }
        primal = worst / Math.max(1, Math.max(normR, terms));
        dtau = qx + rz + v.kappa + xPx / v.tau;
        double primalValue = (0.5 * xPx / v.tau + qx) * f;
        double dualValue = (-0.5 * xPx / v.tau - rz) * f;
        double size = Math.min(Math.abs(primalValue), Math.abs(dualValue));
        gap = Math.abs(primalValue - dualValue) / Math.max(1, size);
    }

    /** The largest scaled residual. */
    double residual() {
        return Math.max(Vectors.normInf(dx), Vectors.normInf(dz));
    }

    double worst() {
        double worst = Math.max(primal, Math.max(dual, gap));
        return Double.isNaN(worst) ? Double.POSITIVE_INFINITY : worst;
    }

    /** Whether z proves that no x satisfies the constraints: M'z = 0, r'z < 0. */
    boolean provesInfeasible(Iterate v) {
        if (!(rz < 0)) {
            return false;
        }
        double size = 0;
        double scale = 0;
        double terms = 0;
        for (int i = 0; i < form.m; i++) {
            double z = Math.abs(v.z[i]) * scaling.e[i];
            size = Math.max(size, z);
            scale = Math.max(scale, z * rowSize[i]);
            terms = Math.max(terms, Math.abs(form.r[i] * v.z[i]));
        }
        double worst = 0;
        for (int j = 0; j < form.n; j++) {
            worst = Math.max(worst, Math.abs(mz[j]) / scaling.d[j]);
        }
        return -rz > STRENGTH * Math.max(size, terms)
                && worst <= CERTIFICATE * Math.min(scale, Math.max(1e-3 * scale, -rz));
    }

    /** Whether x is a direction of unlimited descent: P x = 0, M x + s = 0, q'x < 0. */
    boolean provesUnbounded(Iterate v) {
        if (!(qx < 0)) {
            return false;
        }
        double size = 0;
        double worst = 0;
        for (int j = 0; j < form.n; j++) {
            size = Math.max(size, Math.abs(v.x[j]) * scaling.d[j]);
            worst = Math.max(worst, Math.abs(px[j]) / (scaling.d[j] * scaling.f));
        }
        boolean curved = worst > CERTIFICATE * size;
        worst = 0;
        for (int i = 0; i < form.m; i++) {
            double excess = Math.abs(dz[i] + form.r[i] * v.tau) / scaling.e[i];
            worst = Math.max(worst, rowSize[i] > 0 ? excess / rowSize[i] : excess);
        }
        return !curved && worst <= CERTIFICATE * size && -qx / scaling.f > STRENGTH * size * normQ;
    }
}
