package io.argmind.lpgd;

import io.argmind.linalg.Vectors;
import io.argmind.problem.Program;

/**
 * The solver as a negative identity (Sahoo, Paulus, Vlastelica, Musil, Kuleshov, Martius 2023): dc
 * = -J' g_x, with J the derivative of the projection that the costs are thought to pass through
 * first.
 *
 * <pre>
 *   none: J = I      mean: J = I - 11'/n      standardize, with c^ = (c - mean c) / std c: J = (I - 11'/n - c^ c^'/n) / std c
 * </pre>
 */
public final class NegativeIdentity {
    /** Costs that differ by less than this, relative to the largest, differ by rounding. */
    private static final double EQUAL = 1e-12;

    private NegativeIdentity() {}

    static InstanceGradient differentiate(Program program, Upstream g, Projection projection) {
        InstanceGradient out = InstanceGradient.zero(program);
        if (g.x() != null) {
            System.arraycopy(gradient(program.c(), g.x(), projection), 0, out.c, 0, out.c.length);
        }
        return out;
    }

    /**
     * The gradient of the costs.
     *
     * @param c [n] the costs
     * @param g [n] the upstream gradient
     */
    public static double[] gradient(double[] c, double[] g, Projection projection) {
        int n = c.length;
        double[] d = g.clone();
        if (projection != Projection.NONE) {
            subtractMean(d);
        }
        if (projection == Projection.STANDARDIZE) {
            double[] standardized = c.clone();
            subtractMean(standardized);
            double deviation = deviation(standardized);
            if (deviation <= EQUAL * Vectors.normInf(c)) {
                return new double[n]; // equal costs: every direction of them is projected away
            }
            double along = 0;
            for (int i = 0; i < n; i++) {
                standardized[i] /= deviation;
                along += standardized[i] * d[i] / n;
            }
            for (int i = 0; i < n; i++) {
                d[i] = (d[i] - along * standardized[i]) / deviation;
            }
        }
        for (int i = 0; i < n; i++) {
            d[i] = d[i] == 0 ? 0 : -d[i];
        }
        return d;
    }

    private static void subtractMean(double[] v) {
        double mean = 0;
        for (double x : v) {
            mean += x / v.length;
        }
        for (int i = 0; i < v.length; i++) {
            v[i] -= mean;
        }
    }

    private static double deviation(double[] centred) {
        double sum = 0;
        for (double x : centred) {
            sum += x * x;
        }
        return Math.sqrt(sum / centred.length);
    }
}
