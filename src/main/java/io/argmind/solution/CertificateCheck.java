package io.argmind.solution;

import io.argmind.linalg.Matrix;
import io.argmind.linalg.Vectors;
import io.argmind.problem.Cone;
import io.argmind.problem.Program;
import java.util.Arrays;

/** Checks proofs of infeasibility and unboundedness with a few products, trusting nobody. */
public final class CertificateCheck {
    private static final double RESIDUAL = 1e-8;
    private static final double STRENGTH = 1e-7;

    private CertificateCheck() {}

    /** Whether the certificate proves what it claims about the continuous part of the program. */
    public static boolean holds(Program program, Certificate certificate) {
        return switch (certificate) {
            case Certificate.Farkas farkas -> provesInfeasible(program, farkas);
            case Certificate.Ray ray -> provesDescent(program, ray.d());
        };
    }

    /** Farkas: a combination of the constraints that no x can satisfy. */
    private static boolean provesInfeasible(Program program, Certificate.Farkas f) {
        double size =
                Math.max(
                        Vectors.normInf(f.y()),
                        Math.max(Vectors.normInf(f.z()), Vectors.normInf(f.zBox())));
        if (!(size > 0) || !Double.isFinite(size)) {
            return false;
        }
        double[] r = program.A().transposeTimes(f.y());
        program.G().addTransposeTimes(1, f.z(), r);
        double support = Vectors.dot(program.b(), f.y());
        double terms = Math.abs(support);
        double worst = Membership.dual(program, f.z());
        for (int i = 0; i < f.z().length; i++) {
            if (f.z()[i] != 0) {
                support += program.h()[i] * f.z()[i];
                terms = Math.max(terms, Math.abs(program.h()[i] * f.z()[i]));
            }
        }
        for (int i = 0; i < r.length; i++) {
            double z = f.zBox()[i];
            double bound = z > 0 ? program.ub()[i] : program.lb()[i];
            if (z != 0 && !Double.isInfinite(bound)) {
                support += bound * z;
                terms = Math.max(terms, Math.abs(bound * z));
                r[i] += z;
            }
        }
        double scale = Vectors.normInf(f.zBox());
        scale = Math.max(scale, largestProduct(rowSizes(program.A()), f.y()));
        scale = Math.max(scale, largestProduct(coneSizes(program), f.z()));
        return Double.isFinite(support)
                && -support > STRENGTH * Math.max(size, terms)
                && Math.max(worst, Vectors.normInf(r))
                        <= RESIDUAL * Math.min(scale, Math.max(1e-3 * scale, -support));
    }

    /** A ray: a direction that keeps every constraint and lowers the objective forever. */
    private static boolean provesDescent(Program program, double[] d) {
        double size = Vectors.normInf(d);
        if (!(size > 0) || !Double.isFinite(size)) {
            return false;
        }
        double worst = Math.max(largestAlong(program.A(), d), largestAlong(program.P(), d));
        worst = Math.max(worst, leaving(program, d));
        for (int i = 0; i < d.length; i++) {
            boolean blocked = !Double.isInfinite(d[i] > 0 ? program.ub()[i] : program.lb()[i]);
            worst = blocked ? Math.max(worst, Math.abs(d[i])) : worst;
        }
        double descent = -Vectors.dot(program.c(), d);
        return worst <= RESIDUAL * size && descent > STRENGTH * size * Vectors.normInf(program.c());
    }

    /**
     * How far -G d is from K, relative to the largest entry of each row, or of all rows of a cone
     * whose rows belong together.
     */
    private static double leaving(Program program, double[] d) {
        double[] along = new double[program.m()];
        program.G().addTimes(-1, d, along);
        double[] sizes = coneSizes(program);
        for (int i = 0; i < along.length; i++) {
            boolean binds = sizes[i] > 0 && !Double.isInfinite(program.h()[i]);
            along[i] = binds ? along[i] / sizes[i] : 0;
        }
        return Membership.primal(program, along);
    }

    /**
     * max |row d| relative to the row's largest entry: a row in small units stops d as well as one
     * in large units.
     */
    private static double largestAlong(Matrix matrix, double[] d) {
        double[] product = matrix.times(d);
        double[] sizes = rowSizes(matrix);
        double worst = 0;
        for (int i = 0; i < product.length; i++) {
            worst = Math.max(worst, sizes[i] > 0 ? Math.abs(product[i]) / sizes[i] : 0);
        }
        return worst;
    }

    private static double largestProduct(double[] sizes, double[] multipliers) {
        double largest = 0;
        for (int i = 0; i < sizes.length; i++) {
            largest = Math.max(largest, sizes[i] * Math.abs(multipliers[i]));
        }
        return largest;
    }

    /**
     * The largest absolute entry of each row of G, or of all rows of a cone whose rows belong
     * together: a row of zeros has no units of its own.
     */
    private static double[] coneSizes(Program program) {
        double[] sizes = rowSizes(program.G());
        program.forEachCone((cone, start) -> {
            if (!(cone instanceof Cone.Nonnegative)) {
                int end = start + cone.dim();
                double block = 0;
                for (int i = start; i < end; i++) {
                    block = Math.max(block, sizes[i]);
                }
                Arrays.fill(sizes, start, end, block);
            }
        });
        return sizes;
    }

    /** The largest absolute entry of each row. */
    private static double[] rowSizes(Matrix matrix) {
        double[] sizes = new double[matrix.rows()];
        matrix.forEach((i, j, v) -> sizes[i] = Math.max(sizes[i], Math.abs(v)));
        return sizes;
    }
}
