package io.argmind.solution.cone;

import io.argmind.linalg.Vectors;

/** Onto the closure of {(x, y, z): y > 0, y exp(x / y) &lt;= z}. */
record ExponentialProjection() implements ConeProjection {

    @Override
    public double[] project(double[] v) {
        double size = Vectors.normInf(v);
        if (size == 0) {
            return new double[3];
        }
        double x = v[0] / size;
        double y = v[1] / size;
        double z = v[2] / size;
        if (isInside(x, y, z)) {
            return v.clone();
        }
        if (x <= 0 && y <= 0) {
            return new double[] {v[0], 0, Math.max(v[2], 0)};
        }
        if (isPolar(x, y, z)) {
            return new double[3];
        }
        double[] point = ExponentialSurface.under(x, y, z).point();
        for (int i = 0; i < 3; i++) {
            point[i] *= size;
        }
        return point;
    }

    private static boolean isInside(double x, double y, double z) {
        return y > 0 ? y * Math.exp(x / y) <= z : y == 0 && x <= 0 && z >= 0;
    }

    /** Whether the negative is in the dual cone, away from x &lt;= 0. */
    private static boolean isPolar(double x, double y, double z) {
        return x > 0 && x * Math.exp(y / x - 1) <= -z;
    }

    @Override
    public ProjectionDerivative derivative(double[] v) {
        double size = Vectors.normInf(v);
        if (size == 0) {
            return ProjectionDerivative.uniform(3, 0, false);
        }
        double x = v[0] / size;
        double y = v[1] / size;
        double z = v[2] / size;
        double kink = ProjectionDerivative.KINK;
        if (x <= 0 && y <= 0) {
            boolean smooth = Math.max(x, y) < -kink && Math.abs(z) > kink;
            return ProjectionDerivative.diagonal(new double[] {1, 0, z > 0 ? 1 : 0}, smooth);
        }
        if (isInside(x, y, z)) {
            boolean smooth = isInside(x + kink, y - kink, z - kink);
            return ProjectionDerivative.uniform(3, 1, smooth);
        }
        if (isPolar(x, y, z)) {
            boolean smooth = isPolar(x - kink, y + kink, z + kink);
            return ProjectionDerivative.uniform(3, 0, smooth);
        }
        ExponentialSurface surface = ExponentialSurface.under(x, y, z);
        return surface.derivative(surface.distanceToKink() > kink);
    }
}
