package io.argmind.solution.cone;

import io.argmind.linalg.Vectors;

/**
 * Onto {(x, y, z): x^alpha y^(1 - alpha) >= |z|, x, y >= 0} by the root of one function of one
 * variable, r = |z| of the projection (Hien 2015, "Differential properties of Euclidean projection
 * onto power cone"): with v = (x0, y0, z0),
 *
 * <pre>
 *   x(r) = (x0 + sqrt(x0^2 + 4 alpha r (|z0| - r))) / 2,   y(r) likewise with 1 - alpha,   x^alpha y^(1 - alpha) = r
 * </pre>
 *
 * @param alpha in (0, 1)
 */
record PowerProjection(double alpha) implements ConeProjection {
    private static final double TINY = 1e-150; // relative to v; products of two are still doubles
    private static final int STEPS = 1200; // bisection through all exponents of doubles, at worst

    @Override
    public double[] project(double[] v) {
        double size = Vectors.normInf(v);
        if (size == 0) {
            return new double[3];
        }
        double x = v[0] / size;
        double y = v[1] / size;
        double z = Math.abs(v[2]) / size;
        if (isInside(x, y, z)) {
            return v.clone();
        }
        if (isPolar(x, y, z)) {
            return new double[3];
        }
        if (z == 0) {
            return new double[] {Math.max(v[0], 0), Math.max(v[1], 0), 0};
        }
        Height height = root(x, y, z);
        return new double[] {
            size * height.coordinate(alpha, x),
            size * height.coordinate(1 - alpha, y),
            size * Math.copySign(height.r, v[2])
        };
    }

    /** r and |z0| - r, of which the smaller one has all its digits. */
    private record Height(double r, double rest) {
        /** x(r) and y(r), without cancellation. */
        double coordinate(double weight, double x) {
            double product = weight * r * rest;
            double root = Math.sqrt(x * x + 4 * product);
            return x >= 0 ? 0.5 * (x + root) : 2 * product / (root - x);
        }
    }

    private boolean isInside(double x, double y, double z) {
        return x >= 0 && y >= 0 && mean(x, y) >= z;
    }

    /** Whether the negative is in the dual cone. */
    private boolean isPolar(double x, double y, double z) {
        return x <= 0 && y <= 0 && mean(-x / alpha, -y / (1 - alpha)) >= z;
    }

    private double mean(double x, double y) {
        return Math.pow(x, alpha) * Math.pow(y, 1 - alpha);
    }

    /** Bisection in the smaller one of r and |z0| - r. */
    private Height root(double x, double y, double z) {
        boolean high = exceeds(new Height(0.5 * z, 0.5 * z), x, y);
        double lo = 0;
        double hi = 0.5 * z;
        for (int k = 0; k < STEPS; k++) {
            double middle = 0.5 * lo + 0.5 * hi;
            if (!(middle > lo && middle < hi)) {
                break;
            }
            Height height = high ? new Height(z - middle, middle) : new Height(middle, z - middle);
            if (exceeds(height, x, y) == high) {
                hi = middle;
            } else {
                lo = middle;
            }
        }
        return high ? new Height(z - hi, hi) : new Height(hi, z - hi);
    }

    /** Whether the mean of x(r) and y(r) is larger than r: so it is below the root. */
    private boolean exceeds(Height height, double x, double y) {
        double logX = Math.log(height.coordinate(alpha, x));
        double logY = Math.log(height.coordinate(1 - alpha, y));
        return alpha * logX + (1 - alpha) * logY > Math.log(height.r);
    }

    @Override
    public ProjectionDerivative derivative(double[] v) {
        double size = Vectors.normInf(v);
        if (size == 0) {
            return ProjectionDerivative.uniform(3, 0, false);
        }
        double x = v[0] / size;
        double y = v[1] / size;
        double z = Math.abs(v[2]) / size;
        double kink = ProjectionDerivative.KINK;
        if (isInside(x, y, z)) {
            return ProjectionDerivative.uniform(3, 1, isInside(x - kink, y - kink, z + kink));
        }
        if (isPolar(x, y, z)) {
            return ProjectionDerivative.uniform(3, 0, isPolar(x + kink, y + kink, z + kink));
        }
        double[] point = project(v);
        for (int i = 0; i < 3; i++) {
            point[i] /= size;
        }
        if (Math.abs(point[2]) < TINY) {
            return onEdge(x, y, z);
        }
        if (point[0] < TINY || point[1] < TINY) { // so steep there that doubles see a corner
            boolean first = point[0] < TINY;
            return ProjectionDerivative.diagonal(
                    new double[] {first ? 0 : 1, first ? 1 : 0, 1}, true);
        }
        return onSurface(point, x, y, v[2] / size);
    }

    /**
     * Along the ray 1, along the normal 0, across both 1 / (1 + mu w'Hw) with H the Hessian of |z|
     * - x^alpha y^(1 - alpha) and mu times its gradient what the projection takes away.
     */
    private ProjectionDerivative onSurface(double[] point, double x0, double y0, double z0) {
        double x = point[0];
        double y = point[1];
        double r = Math.abs(point[2]);
        double unit = Math.min(r, Math.min(x, y)); // tiny coordinates make huge gradients
        double[] gradient = {
            -alpha * r * (unit / x), -(1 - alpha) * r * (unit / y), Math.copySign(unit, point[2])
        };
        double[] away = {x0 - x, y0 - y, z0 - point[2]};
        double mu = Vectors.norm2(away) / Vectors.norm2(gradient); // times 1 / unit
        double kink = Math.min(Vectors.norm2(point), Vectors.norm2(away));
        double[] ray = normalized(point);
        double[] normal = normalized(gradient);
        double[] across =
                normalized(
                        new double[] {
                            ray[1] * normal[2] - ray[2] * normal[1],
                            ray[2] * normal[0] - ray[0] * normal[2],
                            ray[0] * normal[1] - ray[1] * normal[0]
                        });
        double bend = across[0] * (unit / x) - across[1] * (unit / y);
        double fraction = 1 / (1 + mu * alpha * (1 - alpha) * r * bend * (bend / unit));
        return ProjectionDerivative.onSurface(
                ray, across, normal, fraction, kink > ProjectionDerivative.KINK);
    }

    /**
     * One of x0, y0 is positive, the other negative, and r = 0; for z0 = 0 the limit for z0 to 0.
     */
    private ProjectionDerivative onEdge(double x, double y, double z) {
        double high = Math.max(x, y);
        double low = -Math.min(x, y);
        double weight = x > y ? alpha : 1 - alpha;
        double across = weight > 0.5 ? 1 : weight < 0.5 ? 0 : high / (high + 2 * low);
        double[] gain = {x > y ? 1 : 0, x > y ? 0 : 1, z == 0 ? across : 0};
        return ProjectionDerivative.diagonal(gain, Math.min(high, low) > ProjectionDerivative.KINK);
    }

    private static double[] normalized(double[] v) {
        double norm = Vectors.norm2(v);
        double[] out = v.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] /= norm;
        }
        return out;
    }
}
