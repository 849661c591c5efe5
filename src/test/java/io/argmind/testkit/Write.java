package io.argmind.testkit;

import io.argmind.linalg.Matrix;
import io.argmind.problem.Program;
import java.util.Arrays;

/** Programs written down by hand, a field at a time. */
public final class Write {
    private Write() {}

    public static double[] v(double... values) {
        return values;
    }

    /** c'x in free variables. */
    public static Program cost(double... c) {
        int n = c.length;
        double[] lb = new double[n];
        double[] ub = new double[n];
        Arrays.fill(lb, Double.NEGATIVE_INFINITY);
        Arrays.fill(ub, Double.POSITIVE_INFINITY);
        return new Program(
                Matrix.empty(n, n),
                c,
                Matrix.empty(0, n),
                v(),
                Matrix.empty(0, n),
                v(),
                lb,
                ub,
                new int[0]);
    }

    /** With P, row-major. */
    public static Program curved(Program q, double... P) {
        return q.withObjective(Draw.dense(P, q.n(), q.n()), q.c());
    }

    /** With A x = b, A row-major. */
    public static Program equal(Program q, double[] A, double... b) {
        return new Program(
                q.P(),
                q.c(),
                Draw.dense(A, b.length, q.n()),
                b,
                q.G(),
                q.h(),
                q.lb(),
                q.ub(),
                q.integers());
    }

    /** With G x &lt;= h, G row-major. */
    public static Program below(Program q, double[] G, double... h) {
        return new Program(
                q.P(),
                q.c(),
                q.A(),
                q.b(),
                Draw.dense(G, h.length, q.n()),
                h,
                q.lb(),
                q.ub(),
                q.integers());
    }

    /** With the same bounds for every variable. */
    public static Program box(Program q, double lower, double upper) {
        double[] lb = new double[q.n()];
        double[] ub = new double[q.n()];
        Arrays.fill(lb, lower);
        Arrays.fill(ub, upper);
        return q.withBounds(lb, ub);
    }

    /** With integer variables. */
    public static Program integer(Program q, int... integers) {
        return new Program(q.P(), q.c(), q.A(), q.b(), q.G(), q.h(), q.lb(), q.ub(), integers);
    }
}
