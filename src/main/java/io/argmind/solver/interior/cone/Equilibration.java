package io.argmind.solver.interior.cone;

import java.util.Arrays;

/**
 * Scales a standard form in place so that the rows of [P M'; M 0] have largest entries near one
 * (Ruiz, A scaling algorithm to equilibrate both rows and columns norms in matrices, 2001): x = d
 * x^, s = s^ / e, z = e z^ / f, with one e for all rows of a cone other than the orthant. Powers of
 * two, so that scaling rounds nothing.
 */
final class Equilibration {
    private static final int ROUNDS = 12;
    private static final double LEAST = 1e-5;
    private static final double MOST = 1e5;

    final double[] d; // [n]
    final double[] e; // [m]
    double f = 1;

    Equilibration(StandardForm form) {
        d = new double[form.n];
        e = new double[form.m];
        Arrays.fill(d, 1);
        Arrays.fill(e, 1);
        double[] u = new double[form.n];
        double[] v = new double[form.m];
        for (int k = 0; k < ROUNDS; k++) {
            norms(form, u, v);
            boolean columnsDone = toFactors(u, d);
            boolean rowsDone = toFactors(v, e);
            if (columnsDone && rowsDone) {
                break;
            }
            apply(form, u, v);
        }
        scaleCost(form, u);
    }

    private static void norms(StandardForm form, double[] u, double[] v) {
        Arrays.fill(u, 0);
        Arrays.fill(v, 0);
        for (int j = 0; j < form.n; j++) {
            for (int k = form.pStart[j]; k < form.pStart[j + 1]; k++) {
                double size = Math.abs(form.p[k]);
                u[j] = Math.max(u[j], size);
                u[form.pRow[k]] = Math.max(u[form.pRow[k]], size);
            }
        }
        for (int i = 0; i < form.m; i++) {
            for (int k = form.start[i]; k < form.start[i + 1]; k++) {
                double size = Math.abs(form.a[k]);
                u[form.col[k]] = Math.max(u[form.col[k]], size);
                v[i] = Math.max(v[i], size);
            }
        }
        for (ConeBlock block : form.blocks) {
            if (!(block instanceof NonnegativeBlock || block instanceof ZeroBlock)) {
                double most = 0;
                for (int i = block.at(); i < block.at() + block.dim(); i++) {
                    most = Math.max(most, v[i]);
                }
                Arrays.fill(v, block.at(), block.at() + block.dim(), most);
            }
        }
    }

    /** norms := factors; true if all are one. */
    private static boolean toFactors(double[] norms, double[] total) {
        boolean one = true;
        for (int i = 0; i < norms.length; i++) {
            double wanted = norms[i] > 0 ? total[i] / Math.sqrt(norms[i]) : total[i];
            double next = powerOfTwo(Math.clamp(wanted, LEAST, MOST));
            norms[i] = next / total[i];
            one &= norms[i] == 1;
        }
        return one;
    }

    private static double powerOfTwo(double v) {
        return Math.scalb(1.0, (int) Math.rint(Math.log(v) / Math.log(2)));
    }

    private void apply(StandardForm form, double[] u, double[] v) {
        for (int j = 0; j < form.n; j++) {
            for (int k = form.pStart[j]; k < form.pStart[j + 1]; k++) {
                form.p[k] *= u[j] * u[form.pRow[k]];
            }
            form.q[j] *= u[j];
            d[j] *= u[j];
        }
        for (int i = 0; i < form.m; i++) {
            for (int k = form.start[i]; k < form.start[i + 1]; k++) {
                form.a[k] *= v[i] * u[form.col[k]];
            }
            form.r[i] *= v[i];
            e[i] *= v[i];
        }
    }

    private void scaleCost(StandardForm form, double[] u) {
        Arrays.fill(u, 0);
        double largest = 0;
        for (int j = 0; j < form.n; j++) {
            for (int k = form.pStart[j]; k < form.pStart[j + 1]; k++) {
                u[j] = Math.max(u[j], Math.abs(form.p[k]));
                u[form.pRow[k]] = Math.max(u[form.pRow[k]], Math.abs(form.p[k]));
            }
            largest = Math.max(largest, Math.abs(form.q[j]));
        }
        double mean = Arrays.stream(u).average().orElse(0);
        double size = Math.max(mean, largest);
        f = size > 0 ? powerOfTwo(Math.clamp(1 / size, LEAST, MOST)) : 1;
        for (int k = 0; k < form.p.length; k++) {
            form.p[k] *= f;
        }
        for (int j = 0; j < form.n; j++) {
            form.q[j] *= f;
        }
    }
}
