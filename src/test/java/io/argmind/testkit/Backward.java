package io.argmind.testkit;

import io.argmind.lpgd.BackwardPass;
import io.argmind.lpgd.Envelope;
import io.argmind.lpgd.Gradients;
import io.argmind.lpgd.LpgdSettings;
import io.argmind.lpgd.Method;
import io.argmind.lpgd.Projection;
import io.argmind.lpgd.Solved;
import io.argmind.lpgd.Upstream;
import io.argmind.problem.Field;
import io.argmind.problem.Program;
import io.argmind.problem.Programs;
import io.argmind.solution.Solution;
import io.argmind.solution.Solution.Point;
import io.argmind.solver.LadderSession;
import io.argmind.solver.Limits;
import io.argmind.solver.Solver;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Forward and backward passes with one back-end, as the service runs them. */
public final class Backward {
    private Backward() {}

    public static Upstream x(double... g) {
        return new Upstream(g, null, null, null, null);
    }

    public static Upstream y(double... g) {
        return new Upstream(null, g, null, null, null);
    }

    public static Upstream objective(double... g) {
        return new Upstream(null, null, null, null, g);
    }

    public static LpgdSettings with(Method method) {
        return new LpgdSettings(method, Envelope.AVERAGE, null, 0, Projection.NONE);
    }

    /** The optimum of one program. */
    public static Point star(Solver solver, Program program) {
        try (LadderSession session = session(solver)) {
            return Answers.optimal(session.solve(program, null, Limits.generous()));
        }
    }

    private static LadderSession session(Solver solver) {
        return new LadderSession(Backends.only(solver), Backends.referees());
    }

    /** Solves and differentiates one program with respect to everything. */
    public static Gradients of(Solver solver, Program program, Upstream g, LpgdSettings settings) {
        return of(solver, Batch.of(program), g, settings);
    }

    /** Solves and differentiates a batch with respect to everything. */
    public static Gradients of(
            Solver solver, Programs programs, Upstream g, LpgdSettings settings) {
        try (LadderSession session = session(solver)) {
            List<@Nullable Point> solutions = new ArrayList<>();
            for (int i = 0; i < programs.size(); i++) {
                Solution s = session.solve(programs.instance(i), null, Limits.generous());
                solutions.add(s.point());
            }
            return at(session, programs, solutions, g, settings);
        }
    }

    /** Differentiates at given solutions. */
    public static Gradients at(
            LadderSession session,
            Programs programs,
            List<@Nullable Point> solutions,
            Upstream g,
            LpgdSettings settings) {
        BackwardPass pass =
                new BackwardPass(
                        programs, Solved.of(solutions), g, settings, programs.fields(), false);
        for (int i = 0; i < programs.size(); i++) {
            pass.differentiate(i, i + 1, () -> session, Limits::generous);
        }
        return pass.gradients();
    }

    /** One gradient. */
    public static double[] of(Gradients gradients, Field field) {
        return Objects.requireNonNull(gradients.values().get(field));
    }
}
