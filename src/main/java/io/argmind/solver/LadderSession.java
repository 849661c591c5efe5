package io.argmind.solver;

import io.argmind.problem.ProblemClass;
import io.argmind.problem.Program;
import io.argmind.solution.Solution;
import io.argmind.solution.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Verified sessions of a plan's back-ends, opened when they are first needed. Confined to one
 * thread.
 */
public final class LadderSession implements AutoCloseable {
    private final Plan plan;
    private final Referees referees;
    private final List<@Nullable VerifiedSession> sessions = new ArrayList<>();
    private volatile @Nullable VerifiedSession running;
    private int solvedBy = -1; // the rung that solved last, where resolve goes on
    private int climbs;

    public LadderSession(Plan plan, Referees referees) {
        this.plan = plan;
        this.referees = referees;
        for (int i = 0; i < plan.ladder().size(); i++) {
            sessions.add(null);
        }
    }

    /** How many solves needed another back-end than the first. */
    public int climbs() {
        return climbs;
    }

    /** Solves and verifies; see {@link Session#solve}. */
    public Solution solve(Program program, @Nullable WarmStart warm, Limits limits) {
        solvedBy = -1;
        Solution last = null;
        for (int rung = 0; rung < plan.ladder().size(); rung++) {
            Solver solver = plan.ladder().get(rung);
            Optional<String> refusal =
                    takes(solver, program.problemClass())
                            ? solver.refuse(program)
                            : Optional.of(
                                    solver.name() + " does not solve " + program.problemClass());
            if (refusal.isPresent()) {
                last =
                        last == null
                                ? Solution.failed(Status.NUMERICAL_ERROR, 0, refusal.get())
                                : last;
                continue;
            }
            climbs += rung > 0 ? 1 : 0;
            VerifiedSession session = session(rung);
            running = session;
            last = session.solve(program, warm, limits);
            running = null;
            if (last.status() != Status.NUMERICAL_ERROR || limits.isOver()) {
                solvedBy = rung;
                return last;
            }
        }
        return last == null ? Solution.failed(Status.NUMERICAL_ERROR, 0, null) : last;
    }

    /** A linear program is a quadratic one too: its P is zero. */
    private static boolean takes(Solver solver, ProblemClass problemClass) {
        return solver.capabilities().solves(problemClass)
                || solver.capabilities().solves(problemClass.quadratic());
    }

    /**
     * Goes on from the last solve where that is possible, and verifies; see {@link
     * Session#resolve}.
     */
    public Solution resolve(Program program, Limits limits) {
        if (solvedBy < 0 || plan.ladder().get(solvedBy).refuse(program).isPresent()) {
            return solve(program, null, limits);
        }
        VerifiedSession session = session(solvedBy);
        running = session;
        Solution solution = session.resolve(program, limits);
        running = null;
        return solution.status() == Status.NUMERICAL_ERROR && !limits.isOver()
                ? solve(program, null, limits)
                : solution;
    }

    /** Asks whatever runs now to stop soon. Any thread may call this. */
    public void cancel() {
        VerifiedSession now = running;
        if (now != null) {
            now.cancel();
        }
    }

    private VerifiedSession session(int rung) {
        VerifiedSession session = sessions.get(rung);
        if (session == null) {
            session = new VerifiedSession(plan.ladder().get(rung), referees);
            sessions.set(rung, session);
        }
        return session;
    }

    @Override
    public void close() {
        for (VerifiedSession session : sessions) {
            if (session != null) {
                session.close();
            }
        }
    }
}
