package io.argmind.solver.ojalgo;

import io.argmind.problem.Program;
import io.argmind.solution.Certificate;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.ojalgo.optimisation.convex.ConvexSolver;
import org.ojalgo.structure.Access1D;
import org.ojalgo.structure.Mutate2D;

/**
 * A quadratic program as ojAlgo's convex solvers take it, and the way back.
 *
 * <pre>
 *   minimize 1/2 x'Q x - C'x    with C = -c (ojAlgo subtracts the linear part)
 *   subject to  AE x  = BE      A x = b, scaled;  x_i = lb_i where lb_i = ub_i
 *               AI x &lt;= BI      G x &lt;= h, scaled, where h is finite;  x_i &lt;= ub_i;  -x_i &lt;= -lb_i
 * </pre>
 *
 * <p>ojAlgo's Lagrangian is 1/2 x'Qx - C'x + nu'(AE x - BE) + mu'(AI x - BI) with mu >= 0, and its
 * duals stand equalities first, inequalities last: our signs, so that z_box = nu at a fixed
 * variable and mu at ub minus mu at lb elsewhere; how scaling changes them is told in {@link
 * Scaling}.
 */
final class QpRows {
    private final Program program;
    private final Scaling scaling;
    private final int[] finite; // rows of G with a finite h
    private final int[] fixed; // variables with lb = ub
    private final int[] above; // other variables with a finite ub
    private final int[] below; // other variables with a finite lb
    private final int[]
            kept; // equalities that go in, of those of A (0..p-1) and the fixed variables (p..)

    private QpRows(Program program, int[] kept, Scaling scaling) {
        double[] lb = program.lb();
        double[] ub = program.ub();
        this.program = program;
        this.scaling = scaling;
        this.finite = Rows.finite(program.h());
        this.fixed = variables(program, j -> lb[j] == ub[j]);
        this.above = variables(program, j -> lb[j] != ub[j] && !Double.isInfinite(ub[j]));
        this.below = variables(program, j -> lb[j] != ub[j] && !Double.isInfinite(lb[j]));
        this.kept = kept;
    }

    /** All rows. */
    static QpRows all(Program program, Scaling scaling) {
        QpRows rows = new QpRows(program, new int[0], scaling);
        return rows.keeping(Rows.all(program.p() + rows.fixed.length));
    }

    /** The same with these equalities alone. */
    QpRows keeping(int[] equalities) {
        return new QpRows(program, equalities, scaling);
    }

    private static int[] variables(Program program, java.util.function.IntPredicate which) {
        return IntStream.range(0, program.n()).filter(which).toArray();
    }

    int equalities() {
        return program.p() + fixed.length;
    }

    int inequalities() {
        return finite.length + above.length + below.length;
    }

    /** The scaled equalities, dense and transposed, [n, equalities]: their columns are ranked. */
    double[] transposedEqualities() {
        int q = equalities();
        double[] t = new double[Math.multiplyExact(program.n(), q)];
        program.A().forEach((i, j, v) -> t[j * q + i] += v * scaling.rowA()[i] * scaling.col()[j]);
        for (int k = 0; k < fixed.length; k++) {
            t[fixed[k] * q + program.p() + k] = 1;
        }
        return t;
    }

    /** The scaled right-hand sides of the equalities. */
    double[] equalityValues() {
        double[] rhs = Arrays.copyOf(program.b(), equalities());
        for (int i = 0; i < program.p(); i++) {
            rhs[i] *= scaling.rowA()[i];
        }
        for (int k = 0; k < fixed.length; k++) {
            rhs[program.p() + k] = program.lb()[fixed[k]] / scaling.col()[fixed[k]];
        }
        return rhs;
    }

    /** The program itself. */
    ConvexSolver.Builder builder() {
        return builder(0, new double[program.n()]);
    }

    /** With delta/2 |x' - centre|^2 added to the scaled objective; the centre is in our units. */
    ConvexSolver.Builder builder(double delta, double[] centre) {
        int n = program.n();
        ConvexSolver.Builder builder = ConvexSolver.newBuilder(n);
        double[] col = scaling.col();
        double cost = scaling.cost();
        program.P().forEach((i, j, v) -> builder.objective(i, j, v * cost * col[i] * col[j]));
        for (int j = 0; j < n; j++) {
            builder.objective(j, delta * centre[j] / col[j] - program.c()[j] * cost * col[j]);
            builder.getObjective().quadratic().add(j, j, delta);
        }
        if (kept.length > 0) {
            addEqualities(builder);
        }
        if (inequalities() > 0) {
            addInequalities(builder);
        }
        return builder;
    }

    private void addEqualities(ConvexSolver.Builder builder) {
        double[] all = equalityValues();
        double[] rhs = new double[kept.length];
        for (int k = 0; k < kept.length; k++) {
            rhs[k] = all[kept[k]];
        }
        Mutate2D body = builder.equalities(rhs);
        int p = program.p();
        for (int k = 0; k < kept.length; k++) {
            if (kept[k] < p) {
                Rows.copy(program.A(), new int[] {kept[k]}, scaling.rowA(), scaling.col(), body, k);
            } else {
                body.set(k, fixed[kept[k] - p], 1.0);
            }
        }
    }

    private void addInequalities(ConvexSolver.Builder builder) {
        double[] rhs =
                Arrays.copyOf(Rows.select(program.h(), finite, scaling.rowG()), inequalities());
        int at = finite.length;
        for (int j : above) {
            rhs[at++] = program.ub()[j] / scaling.col()[j];
        }
        for (int j : below) {
            rhs[at++] = -program.lb()[j] / scaling.col()[j];
        }
        Mutate2D body = builder.inequalities(rhs);
        Rows.copy(program.G(), finite, scaling.rowG(), scaling.col(), body, 0);
        at = finite.length;
        for (int j : above) {
            body.set(at++, j, 1.0);
        }
        for (int j : below) {
            body.set(at++, j, -1.0);
        }
    }

    /** x in our units. */
    double[] readPoint(Access1D<?> scaled) {
        double[] x = new double[program.n()];
        for (int j = 0; j < x.length; j++) {
            x[j] = scaled.doubleValue(j) * scaling.col()[j];
        }
        return x;
    }

    /** y, z and z_box in our units. */
    record Duals(double[] y, double[] z, double[] zBox) {}

    Duals readDuals(Access1D<?> dual) {
        double[] y = new double[program.p()];
        double[] z = new double[program.m()];
        double[] zBox = new double[program.n()];
        double cost = scaling.cost();
        int at = 0;
        for (int k : kept) {
            double nu = dual.doubleValue(at++) / cost;
            if (k < y.length) {
                y[k] = nu * scaling.rowA()[k];
            } else {
                int j = fixed[k - y.length];
                zBox[j] = nu / scaling.col()[j];
            }
        }
        for (int i : finite) {
            z[i] = Math.max(0, dual.doubleValue(at++) * scaling.rowG()[i] / cost);
        }
        for (int j : above) {
            zBox[j] += Math.max(0, dual.doubleValue(at++) / (scaling.col()[j] * cost));
        }
        for (int j : below) {
            zBox[j] -= Math.max(0, dual.doubleValue(at++) / (scaling.col()[j] * cost));
        }
        return new Duals(y, z, zBox);
    }

    /** x in ojAlgo's units. */
    double[] writePoint(double[] x) {
        double[] scaled = new double[x.length];
        for (int j = 0; j < x.length; j++) {
            scaled[j] = x[j] / scaling.col()[j];
        }
        return scaled;
    }

    /** Our multipliers in ojAlgo's order and units. */
    double[] writeDuals(double[] y, double[] z, double[] zBox) {
        double[] dual = new double[kept.length + inequalities()];
        double cost = scaling.cost();
        double[] col = scaling.col();
        int at = 0;
        for (int k : kept) {
            int j = k < y.length ? -1 : fixed[k - y.length];
            dual[at++] = j < 0 ? y[k] / scaling.rowA()[k] * cost : zBox[j] * col[j] * cost;
        }
        for (int i : finite) {
            dual[at++] = z[i] / scaling.rowG()[i] * cost;
        }
        for (int j : above) {
            dual[at++] = Math.max(0, zBox[j]) * col[j] * cost;
        }
        for (int j : below) {
            dual[at++] = Math.max(0, -zBox[j]) * col[j] * cost;
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
        double[] y = new double[p];
        double[] zBox = new double[program.n()];
        for (int i = 0; i < p; i++) {
            y[i] = weights[i] * scaling.rowA()[i];
        }
        for (int k = 0; k < fixed.length; k++) {
            zBox[fixed[k]] = weights[p + k] / scaling.col()[fixed[k]];
        }
        return new Certificate.Farkas(y, new double[program.m()], zBox);
    }
}
