package io.argmind.lpgd;

import io.argmind.linalg.NotEnoughMemoryException;
import io.argmind.linalg.StoppedException;
import io.argmind.linalg.Vectors;
import io.argmind.linalg.WorkingMemory;
import io.argmind.problem.Program;
import io.argmind.solution.OptimalitySystem;
import io.argmind.solution.Residuals;
import io.argmind.solution.Solution.Point;
import io.argmind.solver.Direction;
import io.argmind.solver.Line;
import io.argmind.solver.WarmStart;
import org.jspecify.annotations.Nullable;

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

    /** The line whose direction at zero is the solution of the system, which is symmetric. */
    static Line line(Program program, Point star, Upstream g) {
        double[] gx = slackFolded(program, g);
        double[] dc = new double[gx.length];
        Vectors.addTimes(-1, gx, dc);
        return new Line(
                program,
                new WarmStart(star.x(), star.y(), star.z(), star.zBox()),
                dc,
                g.y(),
                g.z());
    }

    private static double[] slackFolded(Program program, Upstream g) {
        double[] gx = g.x() == null ? new double[program.n()] : g.x().clone();
        if (g.s() != null) {
            program.G().addTransposeTimes(-1, g.s(), gx);
        }
        return gx;
    }

    private static boolean isTaken(WorkingMemory.Share memory, long bytes) {
        try {
            memory.take(bytes);
            return true;
        } catch (NotEnoughMemoryException | StoppedException e) {
            return false;
        }
    }

    /**
     * Differentiates.
     *
     * @param known the solution of the system, if a back-end has given one
     * @param memory for the system, if none has
     */
    static InstanceGradient differentiate(
            Program program,
            Point star,
            Upstream g,
            @Nullable Direction known,
            WorkingMemory.Share memory) {
        InstanceGradient out = InstanceGradient.zero(program);
        OptimalitySystem active = OptimalitySystem.at(program, star.x(), star.z(), star.zBox());
        Direction given = active.isWeaklyActive() ? null : known;
        if (given == null && !(active.isTractable() && isTaken(memory, active.bytes()))) {
            out.status = BackwardStatus.SOLVER_FAILED;
            return out;
        }
        double[] gx = slackFolded(program, g);
        if (g.s() != null) {
            Vectors.addTimes(1, g.s(), out.h);
            out.G.add(-1, g.s(), star.x());
        }
        OptimalitySystem.Direction d =
                given != null
                        ? new OptimalitySystem.Direction(given.x(), given.y(), given.z())
                        : active.solve(
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
