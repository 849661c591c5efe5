package io.argmind.solver.interior.cone;

import io.argmind.linalg.Matrix;
import io.argmind.linalg.Vectors;
import org.jspecify.annotations.Nullable;

/**
 * Programs without a quadratic term that certify what a given program's own iterates may not: in
 * the homogeneous model P x vanishes only like the square root of tau, and where a direction of
 * descent meets no row at all the linear systems have no solution.
 */
final class Certifying {
    /** How much a ray must descend, relative to the size of the cost. */
    private static final double STRENGTH = 2e-7;

    /** A ray grows until an entry is one; what stays below is rounding. */
    private static final double REACHED = 0.5;

    private Certifying() {}

    /** Whether the duals of a point prove that a program has no feasible point. */
    static boolean provesInfeasible(ConicProgram program, ConicPoint point) {
        StandardForm form = new StandardForm(program);
        Equilibration scaling = new Equilibration(form);
        Iterate v = new Iterate(form.n, form.m);
        v.tau = 1;
        form.duals(point, v.z);
        for (int i = 0; i < form.m; i++) {
            v.z[i] *= scaling.f / scaling.e[i];
        }
        Measures measures = new Measures(form, scaling);
        measures.take(v);
        return measures.provesInfeasible(v);
    }

    /**
     * The linear cost over the recession directions with P d = 0 and entries up to one: its optimum
     * is zero if and only if the program has no ray.
     */
    static ConicProgram recession(ConicProgram program) {
        int n = program.c().length;
        RowList flat = new RowList();
        flat.add(program.A());
        flat.add(program.P());
        Matrix rows = flat.matrix(n);
        double[] h = program.h().clone();
        double[] lb = program.lb().clone();
        double[] ub = program.ub().clone();
        for (int i = 0; i < h.length; i++) {
            h[i] = Double.isInfinite(h[i]) ? h[i] : 0;
        }
        for (int j = 0; j < n; j++) {
            lb[j] = Double.isInfinite(lb[j]) ? -1 : 0;
            ub[j] = Double.isInfinite(ub[j]) ? 1 : 0;
        }
        return new ConicProgram(
                Matrix.empty(n, n),
                program.c(),
                rows,
                new double[rows.rows()],
                program.G(),
                h,
                program.cones(),
                lb,
                ub);
    }

    /** The optimum of the recession program as a ray, or null if it is none. */
    static @Nullable ConicResult ray(ConicProgram program, ConicResult found) {
        double[] x = found.point().x();
        double size = Vectors.normInf(x);
        double descent = -Vectors.dot(program.c(), x);
        if (found.status() != ConicStatus.OPTIMAL
                || !(size > REACHED)
                || !(descent > STRENGTH * size * Vectors.normInf(program.c()))) {
            return null;
        }
        double[] d = new double[x.length];
        Vectors.addTimes(1 / size, x, d);
        double[] z = new double[program.h().length];
        ConicPoint ray = new ConicPoint(d, new double[program.b().length], z, new double[d.length]);
        return new ConicResult(
                ConicStatus.UNBOUNDED,
                ray,
                found.iterations(),
                found.primal(),
                found.dual(),
                found.gap());
    }
}
