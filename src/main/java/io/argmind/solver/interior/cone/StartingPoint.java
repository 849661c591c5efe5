package io.argmind.solver.interior.cone;

import io.argmind.linalg.Vectors;
import java.util.Arrays;

/**
 * Where the iteration starts.
 *
 * @param form the program
 * @param kkt its linear system
 * @param v the iterate to set
 */
record StartingPoint(StandardForm form, KktSystem kkt, Iterate v) {
    /** The precision of the linear solves for it. */
    private static final double START = 1e-6;

    /** Starts at the central point, or for symmetric cones near the least-squares solution. */
    boolean cold() {
        double[] rx = new double[form.n];
        for (ConeBlock block : form.blocks) {
            block.center(v.s, v.z);
        }
        v.tau = 1;
        v.kappa = 1;
        if (!form.blocks.stream().allMatch(ConeBlock::isSymmetric)) {
            return true;
        }
        if (!kkt.update()) {
            return false;
        }
        double[] zero = new double[Math.max(form.n, form.m)];
        boolean ok;
        if (form.p.length == 0) {
            ok = kkt.solve(Arrays.copyOf(zero, form.n), form.r, v.x, v.s, START);
            InteriorPoint.negate(form.q, rx);
            ok &= kkt.solve(rx, Arrays.copyOf(zero, form.m), rx, v.z, START);
        } else {
            InteriorPoint.negate(form.q, rx);
            ok = kkt.solve(rx, form.r, v.x, v.z, START);
            System.arraycopy(v.z, 0, v.s, 0, form.m);
        }
        InteriorPoint.negate(v.s, v.s);
        for (ConeBlock block : form.blocks) {
            if (block instanceof ZeroBlock) {
                Arrays.fill(v.s, block.at(), block.at() + block.dim(), 0);
            }
        }
        pushInside(v.s, 1);
        pushInside(v.z, 1);
        return ok;
    }

    /** Adds a multiple of the cones' identity so that every eigenvalue is at least that. */
    private void pushInside(double[] w, double target) {
        double margin = Double.POSITIVE_INFINITY;
        for (ConeBlock block : form.blocks) {
            margin = Math.min(margin, block.margin(w));
        }
        if (margin < target) {
            for (ConeBlock block : form.blocks) {
                block.shift(w, target - margin);
            }
        }
    }

    /**
     * Starts near x, z of v (scaled units): slacks are those of x, and what is too near the
     * boundary of a cone is pushed inside; false if that makes no usable start.
     */
    boolean warm() {
        v.tau = 1;
        form.times(v.x, v.s);
        for (int i = 0; i < form.m; i++) {
            v.s[i] = form.r[i] - v.s[i];
        }
        for (ConeBlock block : form.blocks) {
            if (block instanceof ZeroBlock) {
                Arrays.fill(v.s, block.at(), block.at() + block.dim(), 0);
            } else if (block.isSymmetric()) {
                lift(block, v.s);
                lift(block, v.z);
            } else {
                block.center(v.s, v.z);
            }
        }
        v.kappa = 0;
        int degree = form.blocks.stream().mapToInt(ConeBlock::degree).sum();
        v.kappa = Math.max(1e-3, v.complementarity() / Math.max(1, degree));
        return Vectors.allFinite(v.x) && Vectors.allFinite(v.s) && Vectors.allFinite(v.z);
    }

    private static void lift(ConeBlock block, double[] w) {
        double margin = block.margin(w);
        double target = 1e-2;
        if (margin < target) {
            block.shift(w, target - margin);
        }
    }
}
