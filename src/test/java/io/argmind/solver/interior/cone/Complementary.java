package io.argmind.solver.interior.cone;

import io.argmind.testkit.Draw;

/** Pairs s in K, z in K* with s'z = 0: what an optimum of any conic program consists of. */
final class Complementary {
    final double[] s;
    final double[] z;

    private Complementary(double[] s, double[] z) {
        this.s = s;
        this.z = z;
    }

    static Complementary draw(ConeShape cone, Draw draw) {
        return switch (cone.kind()) {
            case NONNEGATIVE -> orthant(cone.rows(), draw);
            case SECOND_ORDER -> secondOrder(cone.rows(), draw);
            case PSD -> psd(cone.side(), draw);
            case EXPONENTIAL -> exponential(draw);
            case POWER -> power(cone.alpha(), draw);
        };
    }

    private static Complementary orthant(int rows, Draw draw) {
        double[] s = new double[rows];
        double[] z = new double[rows];
        for (int i = 0; i < rows; i++) {
            (draw.chance(0.5) ? s : z)[i] = draw.positive();
        }
        return new Complementary(s, z);
    }

    /** Both on the boundary, or one inside and the other zero. */
    private static Complementary secondOrder(int rows, Draw draw) {
        double[] u = draw.gaussians(rows);
        double sum = 0;
        for (int i = 1; i < rows; i++) {
            sum += u[i] * u[i];
        }
        u[0] = Math.sqrt(sum);
        double[] v = new double[rows];
        int which = rows == 1 ? draw.integer(1, 2) : draw.integer(0, 2);
        if (which == 0) {
            double f = draw.positive();
            for (int i = 0; i < rows; i++) {
                v[i] = i == 0 ? f * u[0] : -f * u[i];
            }
            return new Complementary(u, v);
        }
        u[0] += draw.positive();
        return which == 1 ? new Complementary(u, v) : new Complementary(v, u);
    }

    /** Eigenvectors of one Householder reflection, shared out between s and z. */
    private static Complementary psd(int k, Draw draw) {
        double[] v = draw.gaussians(k);
        double vv = 0;
        for (double vi : v) {
            vv += vi * vi;
        }
        double[] s = new double[k * k];
        double[] z = new double[k * k];
        for (int e = 0; e < k; e++) {
            double[] full = draw.chance(0.5) ? s : z;
            double f = draw.positive();
            for (int i = 0; i < k; i++) {
                double qi = (i == e ? 1 : 0) - 2 * v[i] * v[e] / vv;
                for (int j = 0; j < k; j++) {
                    double qj = (j == e ? 1 : 0) - 2 * v[j] * v[e] / vv;
                    full[i * k + j] += f * qi * qj;
                }
            }
        }
        double[] ps = new double[k * (k + 1) / 2];
        double[] pz = ps.clone();
        Svec.pack(s, k, ps, 0);
        Svec.pack(z, k, pz, 0);
        return new Complementary(ps, pz);
    }

    private static Complementary exponential(Draw draw) {
        double x = draw.gaussian();
        double y = draw.positive() + 0.2;
        double e = Math.exp(x / y);
        if (draw.chance(0.3)) {
            return new Complementary(new double[] {x, y, y * e + draw.positive()}, new double[3]);
        }
        double f = draw.positive();
        // the normal of z - y exp(x / y)
        return new Complementary(
                new double[] {x, y, y * e}, new double[] {-f * e, f * e * (x / y - 1), f});
    }

    private static Complementary power(double a, Draw draw) {
        double x = draw.positive() + 0.1;
        double y = draw.positive() + 0.1;
        double t = Math.pow(x, a) * Math.pow(y, 1 - a);
        if (draw.chance(0.3)) {
            return new Complementary(new double[] {x, y, 0.3 * t}, new double[3]);
        }
        double sign = draw.chance(0.5) ? 1 : -1;
        double f = draw.positive();
        return new Complementary(
                new double[] {x, y, sign * t},
                new double[] {f * a * t / x, f * (1 - a) * t / y, -f * sign});
    }
}
