package io.argmind.solver;

import io.argmind.problem.ProblemClass;
import io.argmind.problem.Program;
import io.argmind.solution.Solution;
import io.argmind.solution.Status;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Verified sessions of a plan's back-ends, opened when they are first needed. Confined to one
 * thread.
 */
public final class LadderSession implements Ladder {
    private final Plan plan;
    private final Referees referees;
    private final List<@Nullable VerifiedSession> sessions = new ArrayList<>();
    private volatile @Nullable VerifiedSession running;
    private int climbs;

    public LadderSession(Plan plan, Referees referees) {
        this.plan = plan;
        this.referees = referees;
        for (int i = 0; i < plan.ladder().size(); i++) {
            sessions.add(null);
        }
    }

    @Override
    public int climbs() {
        return climbs;
    }

    /** Solves and verifies one program. */
    public Solution solve(Program program, @Nullable WarmStart warm, Limits limits) {
        return solveAll(List.of(program), Collections.singletonList(warm), () -> limits).getFirst();
    }

    /**
     * Solves and verifies programs of one structure; see {@link Session#solveAll}. Where the first
     * back-end has a numerical error, the others are asked.
     */
    public List<Solution> solveAll(
            List<Program> programs, List<@Nullable WarmStart> warm, Supplier<Limits> limits) {
        List<Solution> first =
                onFirst(programs, session -> session.solveAll(programs, warm, limits));
        return climbed(first, programs, warm, limits);
    }

    /** Solves and verifies programs near others; see {@link Session#solveAlong}. */
    public List<Solution> solveAlong(List<Line> lines, double[] sigma, Supplier<Limits> limits) {
        List<Program> programs = new ArrayList<>();
        List<@Nullable WarmStart> warm = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            programs.add(lines.get(i).at(sigma[i]));
            warm.add(lines.get(i).solution());
        }
        List<Solution> first =
                onFirst(programs, session -> session.solveAlong(lines, sigma, limits));
        return climbed(first, programs, warm, limits);
    }

    /** How solutions move along lines, where the first back-end says; see {@link Session}. */
    public List<@Nullable Direction> directions(List<Line> lines, Supplier<Limits> limits) {
        boolean taken =
                !plan.ladder().isEmpty()
                        && lines.stream().noneMatch(line -> refusal(0, line.program()).isPresent());
        if (!taken) {
            return Collections.nCopies(lines.size(), (@Nullable Direction) null);
        }
        VerifiedSession session = session(0);
        running = session;
        try {
            return session.directions(lines, limits);
        } finally {
            running = null;
        }
    }

    private interface Call {
        List<Solution> on(VerifiedSession session);
    }

    /** The first back-end's answers; refusals where it cannot take the programs. */
    private List<Solution> onFirst(List<Program> programs, Call call) {
        for (Program program : programs) {
            Optional<String> refusal = refusal(0, program);
            if (refusal.isPresent()) {
                return Collections.nCopies(
                        programs.size(), Solution.failed(Status.NUMERICAL_ERROR, 0, refusal.get()));
            }
        }
        VerifiedSession session = session(0);
        running = session;
        try {
            return call.on(session);
        } finally {
            running = null;
        }
    }

    private List<Solution> climbed(
            List<Solution> first,
            List<Program> programs,
            List<@Nullable WarmStart> warm,
            Supplier<Limits> limits) {
        List<Solution> solutions = new ArrayList<>(first);
        for (int i = 0; i < programs.size(); i++) {
            if (first.get(i).status() == Status.NUMERICAL_ERROR && !limits.get().isOver()) {
                solutions.set(i, climb(first.get(i), programs.get(i), warm.get(i), limits));
            }
        }
        return solutions;
    }

    private Solution climb(
            Solution failed, Program program, @Nullable WarmStart warm, Supplier<Limits> limits) {
        Solution last = failed;
        for (int rung = 1; rung < plan.ladder().size(); rung++) {
            if (refusal(rung, program).isPresent()) {
                continue;
            }
            climbs++;
            VerifiedSession session = session(rung);
            running = session;
            Limits these = limits.get();
            last = session.solve(program, warm, these);
            running = null;
            if (last.status() != Status.NUMERICAL_ERROR || these.isOver()) {
                return last;
            }
        }
        return last;
    }

    private Optional<String> refusal(int rung, Program program) {
        Solver solver = plan.ladder().get(rung);
        return takes(solver, program.problemClass())
                ? solver.refuse(program)
                : Optional.of(solver.name() + " does not solve " + program.problemClass());
    }

    /** A linear program is a quadratic one too: its P is zero. */
    private static boolean takes(Solver solver, ProblemClass problemClass) {
        return solver.capabilities().solves(problemClass)
                || solver.capabilities().solves(problemClass.quadratic());
    }

    @Override
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
