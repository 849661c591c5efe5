package io.argmind.solution.cone;

import io.argmind.linalg.Vectors;

/**
 * Where a point (x, y, z) outside the exponential cone and its polar, of length about 1, projects
 * onto the curved part of the boundary (Friberg 2023, "Projection onto the exponential cone: a
 * univariate root-finding problem"). With q = x / y of the projection,
 *
 * <pre>
 *   (x, y, z) = a (q, 1, e^q) + b (1, 1 - q, -e^-q),   a, b >= 0
 * </pre>
 *
 * <p>where the second ray is the outer normal. The first two equations give a and b, the third is
 * increasing in q where both are positive.
 *
 * @param q the root
 * @param a how far along the ray
 * @param b how far along the normal
 * @param top a e^q, the third entry of the projection
 * @param depth b e^-q, how far it lies above the point
 */
record ExponentialSurface(double q, double a, double b, double top, double depth) {
    private static final int STEPS = 300;

    /**
     * The projection of a point that is neither in the cone, nor in its polar, nor x, y &lt;= 0.
     */
    static ExponentialSurface under(double x, double y, double z) {
        double lo = Double.NEGATIVE_INFINITY;
        double hi = Double.POSITIVE_INFINITY;
        if (x > 0) {
            lo = 1 - y / x; // a > 0 above
        } else if (x < 0) {
            hi = 1 - y / x; // a > 0 below
        }
        if (y > 0) {
            hi = Math.min(hi, x / y); // b > 0 below
        } else if (y < 0) {
            lo = Math.max(lo, x / y); // b > 0 above
        }
        double start = Math.min(Math.max(lo, 0), hi);
        double step = 1;
        while (start - step > lo && at(start - step, x, y).excess(z) > 0) {
            step *= 2;
        }
        lo = Math.max(lo, start - step);
        step = 1;
        while (start + step < hi && at(start + step, x, y).excess(z) < 0) {
            step *= 2;
        }
        hi = Math.min(hi, start + step);
        return at(root(lo, hi, x, y, z), x, y).through(z);
    }

    /** Newton's method, and bisection where it leaves the bracket or does not halve it. */
    private static double root(double from, double to, double x, double y, double z) {
        double lo = from;
        double hi = to;
        double q = 0.5 * lo + 0.5 * hi;
        double length = hi - lo;
        for (int k = 0; k < STEPS; k++) {
            ExponentialSurface s = at(q, x, y);
            double excess = s.excess(z);
            if (excess > 0) {
                hi = q;
            } else {
                lo = q;
            }
            double d = q * q - q + 1;
            double da = (x - s.a * (2 * q - 1)) / d;
            double db = (-y - s.b * (2 * q - 1)) / d;
            double slope = da * Math.exp(q) + s.top - db * Math.exp(-q) + s.depth;
            double next = q - excess / slope;
            boolean slow = k % 3 == 2 && hi - lo > 0.5 * length;
            if (k % 3 == 2) {
                length = hi - lo;
            }
            if (!(next > lo && next < hi) || slow) {
                next = 0.5 * lo + 0.5 * hi;
            }
            if (next == q || Math.abs(next - q) <= 1e-16 * Math.abs(q)) {
                break;
            }
            q = next;
        }
        return q;
    }

    /** Solves the first two equations. */
    private static ExponentialSurface at(double q, double x, double y) {
        double d = q * q - q + 1;
        double a = Math.max((q - 1) * x + y, 0) / d;
        double b = Math.max(x - q * y, 0) / d;
        double top = a == 0 ? 0 : a * Math.exp(q);
        double depth = b == 0 ? 0 : b * Math.exp(-q);
        return new ExponentialSurface(q, a, b, top, depth);
    }

    private double excess(double z) {
        return top - depth - z;
    }

    /** The third equation holds: what would be the product of a tiny and a huge number follows. */
    private ExponentialSurface through(double z) {
        return q > 0
                ? new ExponentialSurface(q, a, b, Math.max(z + depth, 0), depth)
                : new ExponentialSurface(q, a, b, top, Math.max(top - z, 0));
    }

    double[] point() {
        return new double[] {a * q, a, top};
    }

    /** The distances from the cone's tip and from the cone, of which the smaller is the kink's. */
    double distanceToKink() {
        double fromCone = Vectors.norm2(new double[] {b, b * (1 - q), depth});
        return Math.min(Vectors.norm2(point()), fromCone);
    }

    /**
     * Along the ray 1, along the normal 0, across both a' a / (a' a + n' b) of the tangential
     * speeds a' and n' of ray and normal; all rays scaled so that nothing overflows.
     */
    ProjectionDerivative derivative(boolean smooth) {
        double e = Math.exp(-Math.abs(q));
        double[] ray = q > 0 ? new double[] {q * e, e, 1} : new double[] {q, 1, e};
        double[] raySpeed = q > 0 ? new double[] {e, 0, 1} : new double[] {1, 0, e};
        double[] normal = q > 0 ? new double[] {1, 1 - q, -e} : new double[] {e, (1 - q) * e, -1};
        double[] normalSpeed = q > 0 ? new double[] {0, -1, e} : new double[] {0, -e, 1};
        normalize(ray);
        normalize(normal);
        double[] across = {
            ray[1] * normal[2] - ray[2] * normal[1],
            ray[2] * normal[0] - ray[0] * normal[2],
            ray[0] * normal[1] - ray[1] * normal[0]
        };
        double along = Math.abs((q > 0 ? top : a) * Vectors.dot(across, raySpeed));
        double turning = Math.abs((q > 0 ? b : depth) * Vectors.dot(across, normalSpeed));
        double fraction = along + turning > 0 ? along / (along + turning) : 0;
        return ProjectionDerivative.onSurface(ray, across, normal, fraction, smooth);
    }

    private static void normalize(double[] v) {
        double norm = Vectors.norm2(v);
        for (int i = 0; i < v.length; i++) {
            v[i] /= norm;
        }
    }
}
