package io.argmind.solution.cone;

import io.argmind.linalg.Vectors;

/** max(v, 0). */
record NonnegativeProjection() implements ConeProjection {
    @Override
    public double[] project(double[] v) {
        double[] out = new double[v.length];
        for (int i = 0; i < v.length; i++) {
            out[i] = Math.max(v[i], 0);
        }
        return out;
    }

    @Override
    public ProjectionDerivative derivative(double[] v) {
        double[] gain = new double[v.length];
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < v.length; i++) {
            gain[i] = v[i] > 0 ? 1 : 0;
            least = Math.min(least, Math.abs(v[i]));
        }
        boolean smooth = least > ProjectionDerivative.KINK * Vectors.normInf(v);
        return ProjectionDerivative.diagonal(gain, smooth);
    }
}
