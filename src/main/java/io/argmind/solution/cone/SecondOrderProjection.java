package io.argmind.solution.cone;

import io.argmind.linalg.Vectors;
import java.util.Arrays;

/** Onto {(t, x): t >= ||x||}. */
record SecondOrderProjection() implements ConeProjection {
    @Override
    public double[] project(double[] v) {
        double t = v[0];
        double norm = tail(v);
        if (norm <= t) {
            return v.clone();
        }
        double[] out = new double[v.length];
        if (norm <= -t) {
            return out;
        }
        double height = 0.5 * t + 0.5 * norm;
        out[0] = height;
        for (int i = 1; i < v.length; i++) {
            out[i] = height * (v[i] / norm);
        }
        return out;
    }

    private static double tail(double[] v) {
        return Vectors.norm2(Arrays.copyOfRange(v, 1, v.length));
    }

    /**
     * Outside both cones, with e = x / ||x||: 1 along (1, e), 0 along (1, -e), (1 + t / ||x||) / 2
     * across. An orthonormal basis of what is across e are the columns of the reflection that turns
     * the first axis into e.
     */
    @Override
    public ProjectionDerivative derivative(double[] v) {
        int dim = v.length;
        double t = v[0];
        double norm = tail(v);
        boolean smooth =
                Math.abs(norm - Math.abs(t))
                        > ProjectionDerivative.KINK * Math.max(norm, Math.abs(t));
        if (norm <= Math.abs(t)) {
            return ProjectionDerivative.uniform(dim, t > 0 ? 1 : 0, smooth);
        }
        double[] basis = new double[dim * dim];
        double[] gain = new double[dim];
        Arrays.fill(gain, 0.5 + 0.5 * (t / norm));
        gain[0] = 1;
        gain[1] = 0;
        double half = Math.sqrt(0.5);
        basis[0] = half;
        basis[1] = half;
        // H = I - w w' / (1 + |e_1|) with w = e + sign(e_1) axis_1 takes axis_1 to -sign(e_1) e
        double[] w = new double[dim];
        for (int i = 1; i < dim; i++) {
            w[i] = v[i] / norm;
            basis[i * dim] = half * w[i];
            basis[i * dim + 1] = -half * w[i];
        }
        double scale = 1 + Math.abs(w[1]);
        w[1] += Math.copySign(1, w[1]);
        for (int i = 1; i < dim; i++) {
            for (int k = 2; k < dim; k++) {
                basis[i * dim + k] = (i == k ? 1 : 0) - w[i] * w[k] / scale;
            }
        }
        return new ProjectionDerivative(basis, gain, smooth);
    }
}
