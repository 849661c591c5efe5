package io.argmind.solver.interior.cone;

import io.argmind.linalg.Matrix;
import io.argmind.linalg.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * By how little t the constraints of a program must give way to leave a feasible point: min t >= 0
 * over A x - b in [-t, t], h - G x + t e in K and lb - t <= x <= ub + t, with an e inside K. This
 * always has an interior point, and where t > 0 its duals prove that the program has no point.
 */
final class Elastic {
    private final ConicProgram program;
    private final int n;
    private final int p;

    Elastic(ConicProgram program) {
        this.program = program;
        n = program.c().length;
        p = program.b().length;
    }

    /** The rows are A and -A, G, then the finite lower and upper bounds; t is the last variable. */
    ConicProgram relaxed() {
        RowList rows = new RowList();
        double[] down = new double[p];
        Arrays.fill(down, -1);
        rows.add(program.A(), 1, down);
        rows.add(program.A(), -1, down);
        rows.add(program.G(), 1, inside());
        double[] h = new double[2 * p + program.h().length + 2 * n];
        for (int i = 0; i < p; i++) {
            h[i] = program.b()[i];
            h[p + i] = -program.b()[i];
        }
        System.arraycopy(program.h(), 0, h, 2 * p, program.h().length);
        int at = 2 * p + program.h().length;
        for (int sign = -1; sign <= 1; sign += 2) {
            for (int j = 0; j < n; j++) {
                double bound = sign < 0 ? program.lb()[j] : program.ub()[j];
                h[at++] = Double.isInfinite(bound) ? Double.POSITIVE_INFINITY : sign * bound;
                rows.put(j, sign);
                rows.put(n, -1);
                rows.end();
            }
        }
        List<ConeShape> cones = new ArrayList<>();
        cones.add(ConeShape.nonnegative(2 * p));
        cones.addAll(program.cones());
        cones.add(ConeShape.nonnegative(2 * n));
        double[] cost = new double[n + 1];
        double[] lb = new double[n + 1];
        double[] ub = new double[n + 1];
        cost[n] = 1;
        Arrays.fill(lb, 0, n, Double.NEGATIVE_INFINITY);
        Arrays.fill(ub, Double.POSITIVE_INFINITY);
        return new ConicProgram(
                Matrix.empty(n + 1, n + 1),
                cost,
                Matrix.empty(0, n + 1),
                new double[0],
                rows.matrix(n + 1),
                h,
                cones,
                lb,
                ub);
    }

    /** -e for every row of G. */
    private double[] inside() {
        double[] e = new double[program.h().length];
        double[] unused = new double[e.length];
        int at = 0;
        for (ConeShape cone : program.cones()) {
            if (cone.rows() > 0) {
                StandardForm.block(cone, at).center(e, unused);
            }
            at += cone.rows();
        }
        for (int i = 0; i < at; i++) {
            e[i] = -e[i];
        }
        return e;
    }

    /** The duals of the relaxed program's optimum as those of the program, largest entry 1. */
    ConicPoint proof(ConicPoint found) {
        double[] all = found.z();
        double[] y = new double[p];
        double[] z = Arrays.copyOfRange(all, 2 * p, 2 * p + program.h().length);
        double[] box = new double[n];
        for (int i = 0; i < p; i++) {
            y[i] = all[i] - all[p + i];
        }
        int at = 2 * p + z.length;
        for (int j = 0; j < n; j++) {
            box[j] = all[at + n + j] - all[at + j];
        }
        double size =
                Math.max(Vectors.normInf(y), Math.max(Vectors.normInf(z), Vectors.normInf(box)));
        for (double[] part : List.of(y, z, box)) {
            for (int i = 0; size > 0 && i < part.length; i++) {
                part[i] /= size;
            }
        }
        return new ConicPoint(new double[n], y, z, box);
    }
}
