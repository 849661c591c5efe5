package io.argmind.solver.interior.cone;

import java.util.Arrays;

/** The nonnegative orthant, scaled by H = diag(s / z). */
final class NonnegativeBlock implements ConeBlock {
    private final int at;
    private final int dim;
    private final double[] h; // [dim] s / z

    NonnegativeBlock(int at, int dim) {
        this.at = at;
        this.dim = dim;
        this.h = new double[dim];
    }

    @Override
    public int at() {
        return at;
    }

    @Override
    public int dim() {
        return dim;
    }

    @Override
    public int degree() {
        return dim;
    }

    @Override
    public boolean isSymmetric() {
        return true;
    }

    @Override
    public void center(double[] s, double[] z) {
        Arrays.fill(s, at, at + dim, 1);
        Arrays.fill(z, at, at + dim, 1);
        Arrays.fill(h, 1);
    }

    @Override
    public double margin(double[] v) {
        double least = Double.POSITIVE_INFINITY;
        for (int i = at; i < at + dim; i++) {
            least = Math.min(least, v[i]);
        }
        return least;
    }

    @Override
    public void shift(double[] v, double by) {
        for (int i = at; i < at + dim; i++) {
            v[i] += by;
        }
    }

    @Override
    public boolean scale(double[] s, double[] z, double mu, boolean dualOnly) {
        boolean inside = true;
        for (int i = 0; i < dim; i++) {
            inside &= s[at + i] > 0 && z[at + i] > 0;
            h[i] = s[at + i] / z[at + i];
        }
        return inside;
    }

    @Override
    public Layout layout() {
        return Layout.DIAGONAL;
    }

    @Override
    public void hessian(double[] out) {
        System.arraycopy(h, 0, out, 0, dim);
    }

    @Override
    public void times(double[] v, double[] out) {
        for (int i = 0; i < dim; i++) {
            out[at + i] = h[i] * v[at + i];
        }
    }

    @Override
    public void correct(
            double[] s, double[] z, double[] ds, double[] dz, double sigmaMu, double[] out) {
        for (int i = at; i < at + dim; i++) {
            out[i] = s[i] + (ds[i] * dz[i] - sigmaMu) / z[i];
        }
    }

    @Override
    public double step(double[] s, double[] z, double[] ds, double[] dz, double most) {
        double a = most;
        for (int i = at; i < at + dim; i++) {
            if (ds[i] < 0) {
                a = Math.min(a, -s[i] / ds[i]);
            }
            if (dz[i] < 0) {
                a = Math.min(a, -z[i] / dz[i]);
            }
        }
        return a;
    }

    @Override
    public boolean isCentral(double[] s, double[] z, double mu) {
        return true;
    }
}
