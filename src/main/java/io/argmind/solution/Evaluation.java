package io.argmind.solution;

import io.argmind.linalg.Vectors;
import io.argmind.problem.Program;
import io.argmind.solution.Solution.Point;

/** A point with its residuals, and the products that these are made of, each computed once. */
final class Evaluation {
    private final Program program;
    private final Point point;
    private final double[] px; // [n] P x
    private final double[] ax; // [p] A x
    private final double[] aty; // [n] A'y
    private final double[] gtz; // [n] G'z
    private final Residuals residuals;
    private final double relativeError;

    private Evaluation(Program program, Point point, double[] px) {
        this.program = program;
        this.point = point;
        this.px = px;
        this.ax = program.A().times(point.x());
        this.aty = program.A().transposeTimes(point.y());
        this.gtz = program.G().transposeTimes(point.z());
        double[] x = point.x();
        this.residuals =
                new Residuals(
                        Residuals.primal(program, x, ax, point.s()),
                        Residuals.dual(program, px, aty, gtz, point.z(), point.zBox()),
                        Residuals.gap(program, x, px, point.y(), point.z(), point.zBox()));
        this.relativeError =
                Math.max(
                        residuals.primal() / primalScale(program, x, ax, point.s()),
                        Math.max(residuals.dual() / dualScale(), residuals.gap() / gapScale()));
    }

    static Evaluation of(Program program, Point point) {
        return of(program, point, program.P().times(point.x()));
    }

    /** Where P x is known already. */
    static Evaluation of(Program program, Point point, double[] px) {
        return new Evaluation(program, point, px);
    }

    Program program() {
        return program;
    }

    Point point() {
        return point;
    }

    Residuals residuals() {
        return residuals;
    }

    /** The largest residual relative to one plus the largest of the terms that cancel in it. */
    double relativeError() {
        return relativeError;
    }

    static double primalScale(Program program, double[] x, double[] ax, double[] s) {
        double scale = Math.max(Vectors.normInf(program.b()), Vectors.normInf(ax));
        for (int i = 0; i < s.length; i++) {
            double h = program.h()[i];
            if (!Double.isInfinite(h)) {
                scale = Math.max(scale, Math.max(Math.abs(h), Math.abs(h - s[i])));
            }
        }
        return 1 + Math.max(scale, Vectors.normInf(x));
    }

    private double dualScale() {
        double objective = Math.max(Vectors.normInf(px), Vectors.normInf(program.c()));
        return 1 + Math.max(objective, Math.max(Vectors.normInf(aty), Vectors.normInf(gtz)));
    }

    private double gapScale() {
        double[] x = point.x();
        double sums = Math.max(Math.abs(Vectors.dot(x, px)), Math.abs(Vectors.dot(program.c(), x)));
        sums = Math.max(sums, Math.abs(Vectors.dot(program.b(), point.y())));
        return 1 + Math.max(sums, largestTerm());
    }

    /** The largest |c_i x_i|, |b_i y_i|, |h_i z_i| and bound times its multiplier. */
    private double largestTerm() {
        double largest = 0;
        for (int i = 0; i < program.p(); i++) {
            largest = Math.max(largest, Math.abs(program.b()[i] * point.y()[i]));
        }
        for (int i = 0; i < program.m(); i++) {
            double term = program.h()[i] * point.z()[i];
            largest = Double.isFinite(term) ? Math.max(largest, Math.abs(term)) : largest;
        }
        for (int i = 0; i < program.n(); i++) {
            double zBox = point.zBox()[i];
            double term = (zBox > 0 ? program.ub()[i] : program.lb()[i]) * zBox;
            largest = Double.isFinite(term) ? Math.max(largest, Math.abs(term)) : largest;
            largest = Math.max(largest, Math.abs(program.c()[i] * point.x()[i]));
        }
        return largest;
    }
}
