package io.argmind.solution.cone;

import io.argmind.linalg.Vectors;
import io.argmind.problem.Cone;

/**
 * The projection onto one cone, and what follows from it. The dual cone needs no projection of its
 * own: by Moreau's decomposition v = P_K(v) - P_K*(-v), with both parts orthogonal.
 */
public interface ConeProjection {

    /**
     * The nearest point of the cone, as a new array.
     *
     * @param v [dim] finite
     */
    double[] project(double[] v);

    /**
     * The derivative of {@link #project}.
     *
     * @param v [dim] finite
     */
    ProjectionDerivative derivative(double[] v);

    /** The projection onto a cone. */
    static ConeProjection onto(Cone cone) {
        return switch (cone) {
            case Cone.Nonnegative c -> new NonnegativeProjection();
            case Cone.SecondOrder c -> new SecondOrderProjection();
            case Cone.Psd c -> new PsdProjection(c.side());
            case Cone.Exponential c -> new ExponentialProjection();
            case Cone.Power c -> new PowerProjection(c.alpha());
        };
    }

    /**
     * The Euclidean distance of s[dim] from the cone; NaN or infinite if s is not finite. It is the
     * length of what remains of s, so a point of the cone has a distance of rounding errors.
     */
    default double distance(double[] s) {
        return Vectors.allFinite(s)
                ? Vectors.norm2(Vectors.minus(s, project(s)))
                : Double.POSITIVE_INFINITY;
    }

    /** The Euclidean distance of z[dim] from the dual cone: the length of P_K(-z). */
    default double dualDistance(double[] z) {
        if (!Vectors.allFinite(z)) {
            return Double.POSITIVE_INFINITY;
        }
        double[] negative = new double[z.length];
        Vectors.addTimes(-1, z, negative);
        return Vectors.norm2(project(negative));
    }
}
