package io.argmind.solver;

import io.argmind.problem.Program;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who is asked for a second opinion.
 *
 * @param lp solves the linear programs whose solutions are certificates, and fixed programs of
 *     MILPs
 * @param qp solves fixed programs of MIQPs; null if there is none
 * @param mip confirm that no integer point is feasible, and optima of back-ends that give no bound;
 *     without any, the same back-end is asked again without objective, and such optima are believed
 */
public record Referees(Solver lp, @Nullable Solver qp, List<Solver> mip) {
    public Referees {
        mip = List.copyOf(mip);
    }

    /** Another back-end than this one for a program with integers. */
    Optional<Solver> mipOtherThan(Solver solver, Program program) {
        return mip.stream()
                .filter(s -> !s.name().equals(solver.name()))
                .filter(s -> s.capabilities().solves(program.problemClass()))
                .filter(s -> s.refuse(program).isEmpty())
                .findFirst();
    }
}
