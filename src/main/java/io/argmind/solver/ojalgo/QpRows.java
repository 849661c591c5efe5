package io.argmind.solver.ojalgo;

import io.argmind.problem.Program;
import io.argmind.solution.Certificate;
import io.argmind.solver.WarmStart;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ojalgo.array.ArrayR064;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.convex.ConvexSolver;
import org.ojalgo.structure.Access1D;
import org.ojalgo.structure.Mutate2D;

/**
 * A quadratic program as ojAlgo's convex solvers take it, and the way back.
 *
 * <pre>
 *   minimize 1/2 x'Q x - C'x    with C = -c (ojAlgo subtracts the linear part)
 *   subject to  AE x  = BE      A x = b;  x_i = lb_i where lb_i = ub_i
 *               AI x &lt;= BI      G x &lt;= h where h is finite;  x_i &lt;= ub_i;  -x_i &lt;= -lb_i
 * </pre>
 *
 * <p>ojAlgo's Lagrangian is 1/2 x'Qx - C'x + nu'(AE x - BE) + mu'(AI x - BI) with mu >= 0, and its
 * duals stand equalities first, inequalities last: our signs, so that z_box = nu at a fixed
 * variable and mu at ub minus mu at lb elsewhere.
 */
final class QpRows {
    private final Program program;
    private final int[] finite; // rows of G with a finite h
    private final int[] fixed; // variables with lb = ub
    private final int[] above; // other variables with a finite ub
    private final int[] below; // other variables with a finite lb
    private final int[]
            kept; // equalities that go in, of those of A (0..p-1) and the fixed variables (p..)

    private QpRows(Program program, int @Nullable [] kept) {
        double[] lb = program.lb();
        double[] ub = program.ub();
        this.program = program;
        this.finite = Rows.finite(program.h());
        this.fixed = variables(j -> lb[j] == ub[j]);
        this.above = variables(j -> lb[j] != ub[j] && !Double.isInfinite(ub[j]));
        this.below = variables(j -> lb[j] != ub[j] && !Double.isInfinite(lb[j]));
        this.kept = kept == null ? Rows.all(program.p() + fixed.length) : kept;
    }

    /** All rows. */
    static QpRows all(Program program) {
        return new QpRows(program, null);
    }

    /** The same with these equalities alone. */
    QpRows keeping(int[] equalities) {
        return new QpRows(program, equalities);
    }

    private int[] variables(IntPredicate which) {
        return IntStream.range(0, program.n()).filter(which).toArray();
    }

    int equalities() {
        return program.p() + fixed.length;
    }

    int inequalities() {
        return finite.length + above.length + below.length;
    }

    /** The equalities, dense and transposed, [n, equalities]: their columns are ranked. */
    double[] transposedEqualities() {
        int q = equalities();
        double[] t = new double[Math.multiplyExact(program.n(), q)];
        program.A().forEach((i, j, v) -> t[j * q + i] += v);
        for (int k = 0; k < fixed.length; k++) {
            t[fixed[k] * q + program.p() + k] = 1;
        }
        return t;
    }

    /** The right-hand sides of the equalities. */
    double[] equalityValues() {
        double[] rhs = Arrays.copyOf(program.b(), equalities());
        for (int k = 0; k < fixed.length; k++) {
            rhs[program.p() + k] = program.lb()[fixed[k]];
        }
        return rhs;
    }

    /** The program itself. */
    ConvexSolver.Builder builder() {
        return builder(0, new double[program.n()]);
    }

    /** With delta/2 |x - centre|^2 added to the objective. */
    ConvexSolver.Builder builder(double delta, double[] centre) {
        int n = program.n();
        ConvexSolver.Builder builder = ConvexSolver.newBuilder(n);
        program.P().forEach((i, j, v) -> builder.objective(i, j, v));
        for (int j = 0; j < n; j++) {
            builder.objective(j, delta * centre[j] - program.c()[j]);
            builder.getObjective().quadratic().add(j, j, delta);
        }
        if (kept.length > 0) {
            addEqualities(builder.equalities(Rows.select(equalityValues(), kept)));
        }
        if (inequalities() > 0) {
            addInequalities(builder);
        }
        return builder;
    }

    private void addEqualities(Mutate2D body) {
        int p = program.p();
        for (int k = 0; k < kept.length; k++) {
            if (kept[k] < p) {
                Rows.copy(program.A(), kept[k], body, k);
            } else {
                body.set(k, fixed[kept[k] - p], 1.0);
            }
        }
    }

    private void addInequalities(ConvexSolver.Builder builder) {
        double[] rhs = Arrays.copyOf(Rows.select(program.h(), finite), inequalities());
        int at = finite.length;
        for (int j : above) {
            rhs[at++] = program.ub()[j];
        }
        for (int j : below) {
            rhs[at++] = -program.lb()[j];
        }
        Mutate2D body = builder.inequalities(rhs);
        Rows.copy(program.G(), finite, body);
        at = finite.length;
        for (int j : above) {
            body.set(at++, j, 1.0);
        }
        for (int j : below) {
            body.set(at++, j, -1.0);
        }
    }

    /** The result with our signs, or null without duals. */
    @Nullable Answer read(Optimisation.Result result) {
        double[] x = new double[program.n()];
        for (int j = 0; j < x.length; j++) {
            x[j] = result.doubleValue(j);
        }
        Access1D<?> dual = result.getDualSolution().map(Supplier::get).orElse(null);
        boolean free = kept.length + inequalities() == 0; // then there are no duals to give
        return dual == null && !free ? null : withDuals(x, dual == null ? ArrayR064.make(1) : dual);
    }

    private Answer withDuals(double[] x, Access1D<?> dual) {
        double[] y = new double[program.p()];
        double[] z = new double[program.m()];
        double[] zBox = new double[program.n()];
        int at = 0;
        for (int k : kept) {
            double nu = dual.doubleValue(at++);
            if (k < y.length) {
                y[k] = nu;
            } else {
                zBox[fixed[k - y.length]] = nu;
            }
        }
        for (int i : finite) {
            z[i] = Math.max(0, dual.doubleValue(at++));
        }
        for (int j : above) {
            zBox[j] += Math.max(0, dual.doubleValue(at++));
        }
        for (int j : below) {
            zBox[j] -= Math.max(0, dual.doubleValue(at++));
        }
        return new Answer(x, y, z, zBox);
    }

    /**
     * A guess as a kick-start. Its state must not be OPTIMAL, or ojAlgo hands it back as the
     * answer; FEASIBLE lets the active set begin there without a linear program first, and is
     * believed: for the active set the point must be feasible.
     */
    Optimisation.Result start(WarmStart warm) {
        Optimisation.Result at =
                Optimisation.Result.of(0, Optimisation.State.FEASIBLE, warm.x().clone());
        double[] y = warm.y();
        double[] z = warm.z();
        double[] zBox = warm.zBox();
        if (y == null || z == null || zBox == null) {
            return at;
        }
        ArrayR064 dual = ArrayR064.wrap(duals(y, z, zBox));
        return at.withDualSolution(() -> dual);
    }

    private double[] duals(double[] y, double[] z, double[] zBox) {
        double[] dual = new double[kept.length + inequalities()];
        int at = 0;
        for (int k : kept) {
            dual[at++] = k < y.length ? y[k] : zBox[fixed[k - y.length]];
        }
        for (int i : finite) {
            dual[at++] = z[i];
        }
        for (int j : above) {
            dual[at++] = Math.max(0, zBox[j]);
        }
        for (int j : below) {
            dual[at++] = Math.max(0, -zBox[j]);
        }
        return dual;
    }

    /** sign (w, -1), a combination of the equalities kept and another one, as a certificate. */
    Certificate.Farkas combination(int[] others, double[] w, int row, double sign) {
        double[] weights = new double[equalities()];
        for (int k = 0; k < others.length; k++) {
            weights[others[k]] = sign * w[k];
        }
        weights[row] = -sign;
        int p = program.p();
        double[] zBox = new double[program.n()];
        for (int k = 0; k < fixed.length; k++) {
            zBox[fixed[k]] = weights[p + k];
        }
        return new Certificate.Farkas(Arrays.copyOf(weights, p), new double[program.m()], zBox);
    }
}
