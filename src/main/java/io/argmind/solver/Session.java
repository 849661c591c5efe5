package io.argmind.solver;

import io.argmind.problem.Program;
import io.argmind.solution.Claim;
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
     * Asks the running solve to stop soon. The only method that other threads may call; harmless
     * when nothing runs.
     */
    default void cancel() {}

    @Override
    void close();
}
