package io.argmind.solver.interior.cone;

import java.util.Arrays;

/** The cone {0} of equality rows: s = 0, z free. */
record ZeroBlock(int at, int dim) implements ConeBlock {

    @Override
    public int degree() {
        return 0;
    }

    @Override
    public boolean isSymmetric() {
        return true;
    }

    @Override
    public void center(double[] s, double[] z) {
        Arrays.fill(s, at, at + dim, 0);
        Arrays.fill(z, at, at + dim, 0);
    }

    @Override
    public double margin(double[] v) {
        return Double.POSITIVE_INFINITY;
    }

    @Override
    public void shift(double[] v, double by) {}

    @Override
    public boolean scale(double[] s, double[] z, double mu, boolean dualOnly) {
        return true;
    }

    @Override
    public Layout layout() {
        return Layout.DIAGONAL;
    }

    @Override
    public void hessian(double[] out) {
        Arrays.fill(out, 0, dim, 0);
    }

    @Override
    public void times(double[] v, double[] out) {
        Arrays.fill(out, at, at + dim, 0);
    }

    @Override
    public void correct(
            double[] s, double[] z, double[] ds, double[] dz, double sigmaMu, double[] out) {
        Arrays.fill(out, at, at + dim, 0);
    }

    @Override
    public double step(double[] s, double[] z, double[] ds, double[] dz, double most) {
        return most;
    }

    @Override
    public boolean isCentral(double[] s, double[] z, double mu) {
        return true;
    }
}
