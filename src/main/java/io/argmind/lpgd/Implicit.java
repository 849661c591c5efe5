package io.argmind.lpgd;

import io.argmind.linalg.Vectors;
import io.argmind.problem.Program;
import io.argmind.solution.OptimalitySystem;
import io.argmind.solution.Residuals;
import io.argmind.solution.Solution.Point;

/**
 * The exact derivative of a continuous program: the adjoint of the optimality conditions of the
 * active set (Amos and Kolter 2017), or with cones of those that the derivative of the projection
 * makes (Agrawal et al. 2019); minimum-norm where they are singular. With K [u; v; w] = [g_x; g_y;
 * g_z] on free variables and active rows,
 *
 * <pre>
 *   dc = -u    dP = -(u x' + x u')/2    db = v    dA = -(v x' + y u')    dh = w    dG = -(w x' + z u')
 * </pre>
 *
 * <p>and a variable at an active bound passes g_x - P u - A'v - G'w on to that bound.
 */
final class Implicit {
    private Implicit() {}

    static InstanceGradient differentiate(Program program, Point star, Upstream g) {
        InstanceGradient out = InstanceGradient.zero(program);
        OptimalitySystem active = OptimalitySystem.at(program, star.x(), star.z(), star.zBox());
        if (!active.isTractable()) {
            out.status = BackwardStatus.SOLVER_FAILED;
            return out;
        }
        double[] gx = g.x() == null ? new double[program.n()] : g.x().clone();
        if (g.s() != null) {
            program.G().addTransposeTimes(-1, g.s(), gx);
            Vectors.addTimes(1, g.s(), out.h);
            out.G.add(-1, g.s(), star.x());
        }
        OptimalitySystem.Direction d =
                active.solve(
                        gx,
                        g.y() == null ? new double[program.p()] : g.y(),
                        g.z() == null ? new double[program.m()] : g.z());
        Vectors.addTimes(-1, d.x(), out.c);
        Vectors.addTimes(1, d.y(), out.b);
        Vectors.addTimes(1, d.z(), out.h);
        out.P.add(-1, d.x(), star.x());
        out.A.add(-1, d.y(), star.x());
        out.A.add(-1, star.y(), d.x());
        out.G.add(-1, d.z(), star.x());
        out.G.add(-1, star.z(), d.x());
        program.P().addTimes(-1, d.x(), gx);
        program.A().addTransposeTimes(-1, d.y(), gx);
        program.G().addTransposeTimes(-1, d.z(), gx);
        for (int i = 0; i < gx.length; i++) {
            if (active.side(i) != 0) {
                (active.side(i) < 0 ? out.lb : out.ub)[i] += gx[i];
            }
        }
        Residuals r = Residuals.of(program, star.x(), star.y(), star.z(), star.zBox());
        out.noise = Math.max(r.primal(), r.dual());
        return out;
    }
}
