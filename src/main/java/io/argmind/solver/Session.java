package io.argmind.solver;

import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A back-end at work on one thread. It owns whatever native memory it needs from its first solve
 * until {@link #close()}.
 *
 * <p>A session may be used for many programs of any shape, one after another.
 */
public interface Session extends AutoCloseable {

    /**
     * Solves a program. The claim depends on the arguments alone, never on what this session solved
     * before, so that an instance's answer does not depend on its neighbours, on the order of a
     * batch or on the number of threads.
     *
     * @param warm a guess, or null for a cold solve
     */
    Claim solve(Program program, @Nullable WarmStart warm, Limits limits);

    /**
     * Solves a program that differs from the one solved last in c, b and h alone (same A, G, P,
     * bounds, integers), going on from where that solve ended if the back-end can.
     */
    default Claim resolve(Program program, Limits limits) {
        return solve(program, null, limits);
    }

    /**
     * Solves programs of one structure: the same shapes and patterns. A back-end that can solves
     * them side by side; each claim is still the one that {@link #solve} would make, whatever the
     * others are.
     *
     * @param programs not empty
     * @param warm one guess per program, or null
     * @param limits of each solve, asked anew for every program, or group of them, that is begun
     */
    default List<Claim> solveAll(
            List<Program> programs, List<@Nullable WarmStart> warm, Supplier<Limits> limits) {
        List<Claim> claims = new ArrayList<>();
        for (int i = 0; i < programs.size(); i++) {
            claims.add(solve(programs.get(i), warm.get(i), limits.get()));
        }
        return claims;
    }

    /**
     * Solves programs near others whose solution is known, of one structure.
     *
     * @param lines not empty; the same object again asks for another sigma on the same line
     * @param sigma one per line
     * @param limits as in {@link #solveAll}
     */
    default List<Claim> solveAlong(List<Line> lines, double[] sigma, Supplier<Limits> limits) {
        List<Claim> claims = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            Program program = line.at(sigma[i]);
            boolean next = i > 0 && lines.get(i - 1).equals(line);
            claims.add(
                    next
                            ? resolve(program, limits.get())
                            : solve(program, line.solution(), limits.get()));
        }
        return claims;
    }

    /**
     * The derivatives by sigma of the solutions of lines at sigma = 0, where a back-end has them
     * for less than others would need.
     *
     * @param lines not empty, of one structure
     * @param limits as in {@link #solveAll}
     * @return one per line; null where there is none, where it is not unique, or after a limit
     */
    default List<@Nullable Direction> directions(List<Line> lines, Supplier<Limits> limits) {
        return Collections.nCopies(lines.size(), null);
    }

    /**
     * Asks the running solve to stop soon. The only method that other threads may call; harmless
     * when nothing runs.
     */
    default void cancel() {}

    @Override
    void close();
}
