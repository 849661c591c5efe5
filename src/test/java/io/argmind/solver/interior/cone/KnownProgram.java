package io.argmind.solver.interior.cone;

import io.argmind.linalg.Matrix;
import io.argmind.linalg.Pattern;
import io.argmind.linalg.Vectors;
import io.argmind.testkit.Draw;
import java.util.Arrays;
import java.util.List;

/**
 * A conic program with an optimum by construction: x, y, a complementary pair (s, z) and bounds are
 * drawn first, then b, h and c so that they satisfy the optimality conditions.
 */
record KnownProgram(ConicProgram program, double optimum) {

    static KnownProgram draw(int n, int p, List<ConeShape> cones, boolean quadratic, Draw draw) {
        int m = cones.stream().mapToInt(ConeShape::rows).sum();
        Matrix A = draw.matrix(p, n, 0.6);
        Matrix G = draw.matrix(m, n, 0.7);
        double[] x = draw.gaussians(n);
        double[] y = draw.gaussians(p);
        double[] z = new double[m];
        double[] h = G.times(x);
        int at = 0;
        for (ConeShape cone : cones) {
            Complementary pair = Complementary.draw(cone, draw);
            for (int i = 0; i < cone.rows(); i++) {
                h[at + i] += pair.s[i];
                z[at + i] = pair.z[i];
            }
            at += cone.rows();
        }
        double[] lb = new double[n];
        double[] ub = new double[n];
        double[] g = new double[n];
        Arrays.fill(lb, Double.NEGATIVE_INFINITY);
        Arrays.fill(ub, Double.POSITIVE_INFINITY);
        for (int j = 0; j < n; j++) {
            switch (draw.integer(0, 8)) {
                case 0 -> {
                    lb[j] = x[j];
                    g[j] = -draw.positive();
                }
                case 1 -> {
                    ub[j] = x[j];
                    g[j] = draw.positive();
                }
                case 2 -> {
                    lb[j] = x[j] - draw.positive();
                    ub[j] = x[j] + draw.positive();
                }
                case 3 -> {
                    lb[j] = x[j];
                    ub[j] = x[j];
                    g[j] = draw.gaussian();
                }
                default -> {}
            }
        }
        Matrix P = quadratic ? gram(draw.matrix(Math.max(1, n / 2), n, 0.7)) : Matrix.empty(n, n);
        P.addTimes(1, x, g);
        A.addTransposeTimes(1, y, g);
        G.addTransposeTimes(1, z, g);
        double[] c = new double[n];
        for (int j = 0; j < n; j++) {
            c[j] = -g[j];
        }
        double optimum = 0.5 * Vectors.dot(x, P.times(x)) + Vectors.dot(c, x);
        return new KnownProgram(
                new ConicProgram(P, c, A, A.times(x), G, h, cones, lb, ub), optimum);
    }

    /** B'B, dense. */
    private static Matrix gram(Matrix b) {
        int n = b.cols();
        double[] full = b.toDense();
        double[] product = new double[n * n];
        for (int k = 0; k < b.rows(); k++) {
            for (int i = 0; i < n * n; i++) {
                product[i] += full[k * n + i / n] * full[k * n + i % n];
            }
        }
        return new Matrix(Pattern.dense(n, n), product, 0);
    }

    double objective(double[] x) {
        return 0.5 * Vectors.dot(x, program.P().times(x)) + Vectors.dot(program.c(), x);
    }
}
