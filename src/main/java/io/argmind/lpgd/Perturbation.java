package io.argmind.lpgd;

import io.argmind.linalg.Matrix;
import io.argmind.linalg.Vectors;
import io.argmind.problem.Program;
import io.argmind.solution.Solution.Point;
import io.argmind.solver.Line;
import io.argmind.solver.WarmStart;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The perturbed programs of LPGD. With sigma = +tau (lower) or -tau (upper), upstream gradients g
 * and the solution x*, s*:
 *
 * <pre>
 *   c' = c + sigma (g_x - G'g_s)     b' = b - sigma g_y     h' = h - sigma g_z
 *   rho > 0:  P' = P + rho I,  c' -= rho x*
 *   rho > 0 and g_s != 0 (the slack is a variable too):  P' += rho G'G,  c' += rho (sigma G'g_z - G'G x*)
 * </pre>
 *
 * <p>where G stands for the rows with finite h. The slack is eliminated by s = h - Gx, so no
 * perturbed program is larger than the one solved; afterwards z := z - sigma g_s - rho (s - s*). On
 * binary variables rho/2 (x - x*)^2 is linear, rho (1/2 - x*) x, so a linear program with binaries
 * alone stays one.
 */
final class Perturbation {
    private final Program program;
    private final Point star;
    private final Upstream g;
    private final double rho;
    private final double[] gx; // [n] g_x - G'g_s
    private final Matrix slackG; // G, zero in rows that never bind: they have no slack to stay near
    private final Matrix proximalP; // P + rho (...)
    private final double[] proximalC; // c + rho (...), without the parts that depend on sigma

    Perturbation(Program program, Point star, Upstream g, double rho) {
        this.program = program;
        this.star = star;
        this.g = g;
        this.rho = rho;
        this.gx = g.x() == null ? new double[program.n()] : g.x().clone();
        if (g.s() != null) {
            program.G().addTransposeTimes(-1, g.s(), gx);
        }
        this.slackG = seesSlack() ? bindingRows(program) : program.G();
        this.proximalC = program.c().clone();
        this.proximalP = rho > 0 ? proximal() : program.P();
    }

    /** g_x with the slack folded in. */
    double[] costDirection() {
        return gx;
    }

    private boolean seesSlack() {
        return rho > 0 && g.s() != null;
    }

    private Matrix proximal() {
        boolean[] binary = binaries(program);
        double[] diagonal = new double[program.n()];
        for (int i = 0; i < diagonal.length; i++) {
            if (binary[i]) {
                proximalC[i] += rho * (0.5 - star.x()[i]);
            } else {
                diagonal[i] = rho;
                proximalC[i] -= rho * star.x()[i];
            }
        }
        if (!seesSlack()) {
            return Vectors.isZero(diagonal)
                    ? program.P()
                    : MatrixSum.plusDiagonal(program.P(), diagonal);
        }
        slackG.addTransposeTimes(-rho, slackG.times(star.x()), proximalC);
        return MatrixSum.plusGram(program.P(), diagonal, slackG, rho);
    }

    private static Matrix bindingRows(Program program) {
        Matrix G = program.G();
        double[] values = Arrays.copyOfRange(G.values(), G.offset(), G.offset() + G.nnz());
        for (int i = 0; i < G.rows(); i++) {
            if (Double.isInfinite(program.h()[i])) {
                Arrays.fill(values, G.pattern().start(i), G.pattern().start(i + 1), 0);
            }
        }
        return new Matrix(G.pattern(), values, 0);
    }

    private static boolean[] binaries(Program program) {
        boolean[] binary = new boolean[program.n()];
        for (int i : program.integers()) {
            binary[i] = Math.ceil(program.lb()[i]) == 0 && Math.floor(program.ub()[i]) == 1;
        }
        return binary;
    }

    /** The perturbed programs, by sigma; at zero the solution x* solves it, also with rho. */
    Line line() {
        double[] dc = gx.clone();
        if (seesSlack() && g.z() != null) {
            slackG.addTransposeTimes(rho, g.z(), dc);
        }
        return new Line(
                program.withObjective(proximalP, proximalC),
                new WarmStart(star.x(), star.y(), star.z(), star.zBox()),
                dc,
                negative(g.y()),
                negative(g.z()));
    }

    private static double @Nullable [] negative(double @Nullable [] g) {
        if (g == null) {
            return null;
        }
        double[] out = new double[g.length];
        Vectors.addTimes(-1, g, out);
        return out;
    }

    /** The multipliers z of the program in which the slack is a variable. */
    double[] multipliers(Point perturbed, double sigma) {
        if (g.s() == null) {
            return perturbed.z();
        }
        double[] z = perturbed.z().clone();
        Vectors.addTimes(-sigma, g.s(), z);
        if (rho > 0) {
            for (int i = 0; i < z.length; i++) {
                z[i] -= Double.isInfinite(star.s()[i]) ? 0 : rho * (perturbed.s()[i] - star.s()[i]);
            }
        }
        return z;
    }
}
