package io.argmind.testkit;

import io.argmind.problem.ProblemClass;
import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.solver.Capabilities;
import io.argmind.solver.Limits;
import io.argmind.solver.Session;
import io.argmind.solver.Solver;
import io.argmind.solver.WarmStart;
import io.argmind.testkit.ActiveSets.Optimum;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tiny programs of every class by enumeration: of integers first, then of active sets. */
public final class ReferenceSolver implements Solver {
    private static final double MOST = 200_000;

    @Override
    public Capabilities capabilities() {
        Set<ProblemClass> all = EnumSet.allOf(ProblemClass.class);
        return new Capabilities(
                "reference",
                "1",
                all,
                all,
                Capabilities.Duals.ROWS_AND_BOUNDS,
                Capabilities.WarmStarts.NONE,
                false,
                false,
                "");
    }

    @Override
    public Optional<String> refuse(Program program) {
        double count = ActiveSets.count(program);
        for (int i : program.integers()) {
            count *= program.ub()[i] - program.lb()[i] + 1;
        }
        return count <= MOST ? Optional.empty() : Optional.of("too large to try everything");
    }

    @Override
    public double estimateSeconds(Program program) {
        return 1;
    }

    @Override
    public Session open() {
        return new Enumeration();
    }

    private static final class Enumeration implements Session {
        @Override
        public Claim solve(Program program, @Nullable WarmStart warm, Limits limits) {
            Optimum best = search(program, program.lb().clone(), 0, null);
            if (best == null) {
                boolean bounded = true;
                for (int i = 0; i < program.n(); i++) {
                    bounded &= Double.isFinite(program.ub()[i] - program.lb()[i]);
                }
                return Claim.none(bounded ? Status.INFEASIBLE : Status.NUMERICAL_ERROR, 1, null);
            }
            return Claim.point(Status.OPTIMAL, best.x(), best.y(), best.z(), best.zBox(), 1)
                    .withBound(best.value());
        }

        private static @Nullable Optimum search(
                Program program, double[] fixed, int k, @Nullable Optimum best) {
            if (k == program.integers().length) {
                Program continuous = k == 0 ? program : program.withIntegersFixed(fixed);
                Optimum found = ActiveSets.solve(continuous);
                boolean better = found != null && (best == null || found.value() < best.value());
                return better ? found : best;
            }
            int i = program.integers()[k];
            Optimum least = best;
            double first = Math.ceil(program.lb()[i]);
            for (double v = first; v <= program.ub()[i]; v++) {
                fixed[i] = v;
                least = search(program, fixed, k + 1, least);
            }
            return least;
        }

        @Override
        public void close() {}
    }
}
