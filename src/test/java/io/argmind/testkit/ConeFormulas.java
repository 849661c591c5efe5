package io.argmind.testkit;

import io.argmind.linalg.SymmetricEigen;
import io.argmind.linalg.Vectors;
import io.argmind.problem.Cone;
import java.util.Arrays;

/** Membership in cones and their duals, by the inequalities that define them. */
public final class ConeFormulas {
    private static final double ROOT2 = Math.sqrt(2);

    private ConeFormulas() {}

    /**
     * How far v is from satisfying the inequalities that define a cone or its dual, in the units of
     * v; not a distance.
     */
    public static double violation(Cone cone, double[] v, boolean dual) {
        return switch (cone) {
            case Cone.Nonnegative c -> Math.max(0, -Arrays.stream(v).min().orElse(0));
            case Cone.SecondOrder c -> {
                double[] tail = v.clone();
                tail[0] = 0;
                yield Math.max(0, Vectors.norm2(tail) - v[0]);
            }
            case Cone.Psd c -> Math.max(0, -smallest(v, c.side()));
            case Cone.Exponential c -> exponential(dual ? turned(v) : v);
            case Cone.Power c ->
                    dual
                            ? power(c.alpha(), v[0] / c.alpha(), v[1] / (1 - c.alpha()), v[2])
                            : power(c.alpha(), v[0], v[1], v[2]);
        };
    }

    private static double smallest(double[] v, int side) {
        double[] full = new double[side * side];
        int at = 0;
        for (int j = 0; j < side; j++) {
            for (int i = j; i < side; i++) {
                full[i * side + j] = i == j ? v[at] : v[at] / ROOT2;
                full[j * side + i] = full[i * side + j];
                at++;
            }
        }
        double least = Double.POSITIVE_INFINITY;
        for (double value : SymmetricEigen.of(full, side).values()) {
            least = Math.min(least, value);
        }
        return least;
    }

    /** (u, v, w) is in the dual cone exactly if (u - v, -u, w) is in the cone. */
    private static double[] turned(double[] v) {
        return new double[] {v[0] - v[1], -v[0], v[2]};
    }

    /** How much x must fall, the others being clipped, to be in the closed cone. */
    private static double exponential(double[] v) {
        double clipped = Math.max(0, Math.max(-v[1], -v[2]));
        double y = Math.max(v[1], 0);
        double z = Math.max(v[2], 0);
        double most = y > 0 && z > 0 ? y * Math.log(z / y) : 0;
        double inX = Math.max(0, v[0] - (y > 0 && z == 0 ? -1e3 * y : most));
        double inZ = y > 0 ? Math.max(0, y * Math.exp(v[0] / y) - z) : inX;
        return clipped + Math.min(inX, inZ);
    }

    private static double power(double alpha, double x, double y, double z) {
        double clipped = Math.max(0, Math.max(-x, -y));
        double mean = Math.pow(Math.max(x, 0), alpha) * Math.pow(Math.max(y, 0), 1 - alpha);
        double inY =
                x > 0
                        ? Math.pow(Math.abs(z) / Math.pow(x, alpha), 1 / (1 - alpha)) - y
                        : Double.POSITIVE_INFINITY;
        double inX =
                y > 0
                        ? Math.pow(Math.abs(z) / Math.pow(y, 1 - alpha), 1 / alpha) - x
                        : Double.POSITIVE_INFINITY;
        return clipped + Math.max(0, Math.min(Math.abs(z) - mean, Math.min(inX, inY)));
    }
}
