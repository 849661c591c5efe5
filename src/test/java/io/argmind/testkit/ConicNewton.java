package io.argmind.testkit;

import io.argmind.linalg.LinearSystem;
import io.argmind.linalg.Matrix;
import io.argmind.linalg.Vectors;
import io.argmind.problem.Cone;
import io.argmind.problem.ProblemClass;
import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.solution.cone.ConeProjection;
import io.argmind.solver.Capabilities;
import io.argmind.solver.Limits;
import io.argmind.solver.Session;
import io.argmind.solver.Solver;
import io.argmind.solver.WarmStart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Newton's method on the optimality conditions of small programs with cones, from a point nearby:
 * with s = P_K(u), z = s - u, P x + c + A'y + G'z = 0, A x = b, G x + s = h. Bounds are rows. The
 * Jacobian is made of differences, so that only the projections have to be right for the answer to
 * be.
 */
public final class ConicNewton implements Solver {
    private static final int STEPS = 60;
    private static final double STEP = 1e-7;

    @Override
    public Capabilities capabilities() {
        return new Capabilities(
                "newton",
                "1",
                Set.of(ProblemClass.CONIC),
                Set.of(ProblemClass.CONIC),
                Capabilities.Duals.ROWS_AND_BOUNDS,
                Capabilities.WarmStarts.EXPLICIT,
                false,
                false,
                "");
    }

    @Override
    public double estimateSeconds(Program program) {
        return 1;
    }

    @Override
    public Session open() {
        return new Session() {
            private @Nullable WarmStart last;

            @Override
            public Claim solve(Program program, @Nullable WarmStart warm, Limits limits) {
                Claim claim = new Run(program).from(warm != null ? warm : last);
                if (claim.x() != null) {
                    last = new WarmStart(claim.x(), claim.y(), claim.z(), claim.zBox());
                }
                return claim;
            }

            @Override
            public void close() {}
        };
    }

    /** One program with its bounds as rows. */
    private static final class Run {
        private final Program program;
        private final int n;
        private final int p;
        private final List<Cone> cones = new ArrayList<>();
        private final List<Integer> bounded =
                new ArrayList<>(); // variable i: -1 - i at lb, i at ub
        private final Matrix G;
        private final double[] h;

        Run(Program program) {
            this.program = program;
            this.n = program.n();
            this.p = program.p();
            program.forEachCone((cone, start) -> cones.add(cone));
            for (int i = 0; i < n; i++) {
                if (Double.isFinite(program.lb()[i])) {
                    bounded.add(-1 - i);
                }
                if (Double.isFinite(program.ub()[i])) {
                    bounded.add(i);
                }
            }
            cones.add(new Cone.Nonnegative(bounded.size()));
            int m = program.m() + bounded.size();
            double[] full = Arrays.copyOf(program.G().toDense(), m * n);
            this.h = Arrays.copyOf(program.h(), m);
            for (int k = 0; k < bounded.size(); k++) {
                int i = bounded.get(k);
                int row = program.m() + k;
                full[row * n + (i < 0 ? -1 - i : i)] = i < 0 ? -1 : 1;
                h[row] = i < 0 ? -program.lb()[-1 - i] : program.ub()[i];
            }
            this.G = Draw.dense(full, m, n);
        }

        Claim from(@Nullable WarmStart warm) {
            double[] v = warm == null ? new double[n + p + h.length] : start(warm);
            double[] f = residual(v);
            for (int k = 0; k < STEPS && Vectors.norm2(f) > 1e-14; k++) {
                double[] step = new LinearSystem(jacobian(v), v.length).solve(f);
                boolean better = false;
                for (double t = 1; t > 1e-6 && !better; t /= 2) {
                    double[] trial = v.clone();
                    Vectors.addTimes(-t, step, trial);
                    double[] r = residual(trial);
                    better = Vectors.norm2(r) < (1 - 0.1 * t) * Vectors.norm2(f);
                    if (better) {
                        v = trial;
                        f = r;
                    }
                }
                if (!better) {
                    break;
                }
            }
            return Vectors.norm2(f) < 1e-9
                    ? claim(v)
                    : Claim.none(Status.NUMERICAL_ERROR, 0, "too far away");
        }

        private double[] start(WarmStart warm) {
            double[] v = Arrays.copyOf(warm.x(), n + p + h.length);
            double[] s = h.clone();
            G.addTimes(-1, warm.x(), s);
            for (int i = 0; i < p; i++) {
                v[n + i] = warm.y() == null ? 0 : warm.y()[i];
            }
            for (int i = 0; i < h.length; i++) {
                v[n + p + i] = s[i] - multiplier(warm, i);
            }
            return v;
        }

        private double multiplier(WarmStart warm, int row) {
            if (row < program.m()) {
                return warm.z() == null ? 0 : warm.z()[row];
            }
            if (warm.zBox() == null) {
                return 0;
            }
            int i = bounded.get(row - program.m());
            return i < 0 ? Math.max(-warm.zBox()[-1 - i], 0) : Math.max(warm.zBox()[i], 0);
        }

        private double[] slack(double[] v) {
            double[] s = new double[h.length];
            int start = 0;
            for (Cone cone : cones) {
                int from = n + p + start;
                double[] u = Arrays.copyOfRange(v, from, from + cone.dim());
                double[] part = ConeProjection.onto(cone).project(u);
                System.arraycopy(part, 0, s, start, part.length);
                start += part.length;
            }
            return s;
        }

        private double[] residual(double[] v) {
            double[] x = Arrays.copyOf(v, n);
            double[] y = Arrays.copyOfRange(v, n, n + p);
            double[] u = Arrays.copyOfRange(v, n + p, v.length);
            double[] s = slack(v);
            double[] r = program.objectiveGradient(x);
            program.A().addTransposeTimes(1, y, r);
            G.addTransposeTimes(1, Vectors.minus(s, u), r);
            double[] f = Arrays.copyOf(r, v.length);
            double[] ax = Vectors.minus(program.A().times(x), program.b());
            System.arraycopy(ax, 0, f, n, p);
            double[] gx = Vectors.minus(G.times(x), h);
            for (int i = 0; i < gx.length; i++) {
                f[n + p + i] = gx[i] + s[i];
            }
            return f;
        }

        private double[] jacobian(double[] v) {
            double[] j = new double[v.length * v.length];
            for (int k = 0; k < v.length; k++) {
                double[] up = v.clone();
                double[] down = v.clone();
                up[k] += STEP;
                down[k] -= STEP;
                double[] d = Vectors.minus(residual(up), residual(down));
                for (int i = 0; i < d.length; i++) {
                    j[i * v.length + k] = d[i] / (2 * STEP);
                }
            }
            return j;
        }

        private Claim claim(double[] v) {
            double[] z = slack(v);
            for (int i = 0; i < z.length; i++) {
                z[i] -= v[n + p + i];
            }
            double[] zBox = new double[n];
            for (int k = 0; k < bounded.size(); k++) {
                int i = bounded.get(k);
                zBox[i < 0 ? -1 - i : i] += (i < 0 ? -1 : 1) * z[program.m() + k];
            }
            return Claim.point(
                    Status.OPTIMAL,
                    Arrays.copyOf(v, n),
                    Arrays.copyOfRange(v, n, n + p),
                    Arrays.copyOf(z, program.m()),
                    zBox,
                    1);
        }
    }
}
