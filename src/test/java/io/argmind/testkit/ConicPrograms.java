package io.argmind.testkit;

import io.argmind.linalg.Matrix;
import io.argmind.linalg.Vectors;
import io.argmind.problem.Cone;
import io.argmind.problem.Program;
import io.argmind.solution.cone.ConeProjection;
import io.argmind.testkit.Shape.Curvature;
import java.util.Arrays;
import java.util.List;

/**
 * Programs with cones whose optimum, or the lack of one, is known by construction. A random vector
 * u splits into a slack s = P_K(u) and multipliers z = s - u (Moreau), which the data is made to
 * fit.
 */
public final class ConicPrograms {
    private static final double INF = Double.POSITIVE_INFINITY;

    private ConicPrograms() {}

    /** A program of up to 10 variables, up to 2 equalities, and bounds on some variables. */
    public static Known known(long seed, ConeSort sort, Curvature curvature) {
        Draw draw = new Draw(31 * seed + sort.name().hashCode());
        return known(
                draw,
                sort.cones(draw),
                draw.integer(2, 10),
                draw.integer(0, 2),
                draw.integer(0, 2),
                curvature);
    }

    /**
     * A program of these sizes; atBound variables have their optimum at a bound. Both it and its
     * dual are strictly feasible: x + d is inside everything, and where P is zero all variables
     * have bounds.
     */
    public static Known known(
            Draw draw, List<Cone> cones, int n, int equalities, int atBound, Curvature curvature) {
        int p = Math.min(equalities, n - 1);
        int fixed = Math.min(atBound, n - p - 1);
        double[] u = draw.gaussians(rows(cones));
        double[] s = projected(cones, u);
        double[] z = Vectors.minus(s, u);
        double[] x = draw.gaussians(n);
        double[] y = draw.gaussians(p);
        double[] zBox = new double[n];
        double[] lb = filled(n, -INF);
        double[] ub = filled(n, INF);
        double[] d = new double[n];
        double bounded = curvature == Curvature.NONE ? 1 : 0.3;
        for (int i = 0; i < n; i++) {
            boolean lower = draw.chance(0.5);
            zBox[i] = i >= fixed ? 0 : lower ? -draw.positive() : draw.positive();
            lb[i] = i < fixed && lower ? x[i] : draw.chance(bounded) ? x[i] - 2 : -INF;
            ub[i] = i < fixed && !lower ? x[i] : draw.chance(bounded) ? x[i] + 2 : INF;
            d[i] = lower ? 1 : -1;
        }
        Matrix P = curvature == Curvature.NONE ? Matrix.empty(n, n) : gram(draw, n);
        Matrix A = taking(draw.matrix(p, n, 1), d, new double[p]);
        double[] w = inside(cones, draw);
        Matrix G = taking(draw.matrix(s.length, n, 1), d, Vectors.minus(s, w));
        double[] c = new double[n];
        P.addTimes(-1, x, c);
        A.addTransposeTimes(-1, y, c);
        G.addTransposeTimes(-1, z, c);
        Vectors.addTimes(-1, zBox, c);
        double[] h = s.clone();
        G.addTimes(1, x, h);
        Program program = program(P, c, A, A.times(x), G, h, lb, ub, cones);
        boolean independent = p + s.length + fixed <= n;
        return new Known(program, x, y, z, zBox, curvature != Curvature.NONE, independent);
    }

    /** The matrix changed along d so that it takes d to this image. */
    private static Matrix taking(Matrix matrix, double[] d, double[] image) {
        int n = d.length;
        double[] full = matrix.toDense();
        double[] md = matrix.times(d);
        double dd = Vectors.dot(d, d);
        for (int k = 0; k < full.length; k++) {
            full[k] += (image[k / n] - md[k / n]) * d[k % n] / dd;
        }
        return Draw.dense(full, matrix.rows(), n);
    }

    /** y and z in the interior of K* with A'y + G'z = 0 and b'y + h'z = -1. */
    public static Program infeasible(long seed, ConeSort sort, boolean quadratic) {
        Draw draw = new Draw(37 * seed + sort.name().hashCode());
        List<Cone> cones = sort.cones(draw);
        int n = draw.integer(1, 5);
        int m = rows(cones);
        double[] z = inside(cones, draw);
        double[] y = draw.gaussians(1);
        Matrix A = draw.matrix(1, n, 1);
        double[] full = draw.gaussians(m * n);
        double[] h = draw.gaussians(m);
        double[] b = draw.gaussians(1);
        int last = largest(z);
        Arrays.fill(full, last * n, (last + 1) * n, 0);
        h[last] = 0;
        double[] sum = A.transposeTimes(y);
        Draw.dense(full, m, n).addTransposeTimes(1, z, sum);
        for (int j = 0; j < n; j++) {
            full[last * n + j] = -sum[j] / z[last];
        }
        h[last] = (-1 - Vectors.dot(h, z) - Vectors.dot(b, y)) / z[last];
        Matrix P = quadratic ? gram(draw, n) : Matrix.empty(n, n);
        return program(
                P,
                draw.gaussians(n),
                A,
                b,
                Draw.dense(full, m, n),
                h,
                filled(n, -INF),
                filled(n, INF),
                cones);
    }

    private static int largest(double[] z) {
        int best = 0;
        for (int i = 0; i < z.length; i++) {
            best = Math.abs(z[i]) > Math.abs(z[best]) ? i : best;
        }
        return best;
    }

    /** Feasible, and a direction d with -G d inside K, P d = 0 and c'd = -1. */
    public static Program unbounded(long seed, ConeSort sort, boolean quadratic) {
        Draw draw = new Draw(41 * seed + sort.name().hashCode());
        List<Cone> cones = sort.cones(draw);
        int n = draw.integer(2, 5);
        int m = rows(cones);
        double[] d = draw.gaussians(n);
        double dd = Vectors.dot(d, d);
        double[] w = projected(cones, inside(cones, draw));
        double[] along = new double[m];
        Vectors.addTimes(-1, w, along);
        Matrix G = taking(draw.matrix(m, n, 1), d, along);
        double[] x = draw.gaussians(n);
        double[] h = projected(cones, inside(cones, draw));
        G.addTimes(1, x, h);
        double[] c = draw.gaussians(n);
        Vectors.addTimes(-(1 + Vectors.dot(c, d)) / dd, d, c);
        double[] v = draw.gaussians(n);
        Vectors.addTimes(-Vectors.dot(v, d) / dd, d, v);
        Matrix P = quadratic ? outer(v) : Matrix.empty(n, n);
        return program(
                P,
                c,
                Matrix.empty(0, n),
                new double[0],
                G,
                h,
                filled(n, -INF),
                filled(n, INF),
                cones);
    }

    /** A point well inside both the cones and their duals. */
    private static double[] inside(List<Cone> cones, Draw draw) {
        double[] point = new double[rows(cones)];
        int start = 0;
        for (Cone cone : cones) {
            for (int i = 0; i < cone.dim(); i++) {
                point[start + i] = 0.1 * draw.gaussian();
            }
            switch (cone) {
                case Cone.Nonnegative c -> {
                    for (int i = 0; i < c.dim(); i++) {
                        point[start + i] += 1;
                    }
                }
                case Cone.SecondOrder c -> point[start] += 2;
                case Cone.Psd c -> {
                    for (int j = 0, at = start; j < c.side(); at += c.side() - j, j++) {
                        point[at] += 2;
                    }
                }
                case Cone.Exponential c -> {
                    point[start] -= 1; // the central point that cones and duals share
                    point[start + 1] += 0.8;
                    point[start + 2] += 1.3;
                }
                case Cone.Power c -> {
                    point[start] += 1;
                    point[start + 1] += 1;
                }
            }
            start += cone.dim();
        }
        return point;
    }

    static int rows(List<Cone> cones) {
        return cones.stream().mapToInt(Cone::dim).sum();
    }

    private static double[] projected(List<Cone> cones, double[] u) {
        double[] s = new double[u.length];
        int start = 0;
        for (Cone cone : cones) {
            double[] part = Arrays.copyOfRange(u, start, start + cone.dim());
            double[] point = ConeProjection.onto(cone).project(part);
            System.arraycopy(point, 0, s, start, point.length);
            start += cone.dim();
        }
        return s;
    }

    private static Matrix gram(Draw draw, int n) {
        double[] f = draw.gaussians(n * n);
        double[] full = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                full[i * n + j] = i == j ? 0.5 : 0;
                for (int k = 0; k < n; k++) {
                    full[i * n + j] += 0.5 * f[i * n + k] * f[j * n + k];
                }
            }
        }
        return Draw.dense(full, n, n);
    }

    private static Matrix outer(double[] v) {
        int n = v.length;
        double[] full = new double[n * n];
        for (int k = 0; k < full.length; k++) {
            full[k] = v[k / n] * v[k % n];
        }
        return Draw.dense(full, n, n);
    }

    private static Program program(
            Matrix P,
            double[] c,
            Matrix A,
            double[] b,
            Matrix G,
            double[] h,
            double[] lb,
            double[] ub,
            List<Cone> cones) {
        return new Program(P, c, A, b, G, h, lb, ub, new int[0], cones);
    }

    private static double[] filled(int n, double value) {
        double[] x = new double[n];
        Arrays.fill(x, value);
        return x;
    }
}
