package io.argmind.solver.worker;

import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.Session;
import io.argmind.solver.WarmStart;
import org.jspecify.annotations.Nullable;

/**
 * A session in another process. It keeps there what its back-end keeps between solves; if that is
 * lost between a solve and a re-solve, the solve is repeated first.
 */
final class SessionInWorker implements Session {
    private final Place place;
    private @Nullable Program last; // what the other side got
    private @Nullable Start start;

    /** The last solve that did not build on another. */
    private record Start(Program program, @Nullable WarmStart warm) {}

    SessionInWorker(WorkerPool pool, String solver) {
        place = new Place(pool, solver, Verb.OPEN_SOLVER, out -> out.writeText(solver));
    }

    @Override
    public Claim solve(Program program, @Nullable WarmStart warm, Limits limits) {
        start = new Start(program, warm);
        return place.ask(
                limits,
                (worker, session, isNew) -> {
                    last = isNew ? null : last;
                    return solve(worker, session, program, warm, limits);
                },
                SessionInWorker::none);
    }

    private Claim solve(
            Worker worker, int session, Program program, @Nullable WarmStart warm, Limits limits)
            throws WorkerLostException {
        return ask(Verb.SOLVE, worker, session, program, limits, out -> Wire.write(out, warm));
    }

    @Override
    public Claim resolve(Program program, Limits limits) {
        return place.ask(
                limits,
                (worker, session, isNew) -> {
                    Start from = start;
                    last = isNew ? null : last;
                    if (isNew && from != null) {
                        solve(worker, session, from.program, from.warm, limits);
                    }
                    return ask(Verb.RESOLVE, worker, session, program, limits, out -> {});
                },
                SessionInWorker::none);
    }

    private Claim ask(
            Verb verb,
            Worker worker,
            int session,
            Program program,
            Limits limits,
            Worker.Question rest)
            throws WorkerLostException {
        return worker.ask(
                verb,
                session,
                limits.deadlineNanos(),
                out -> {
                    Wire.write(out, limits);
                    ProgramWire.write(out, program, last);
                    last = program;
                    rest.write(out);
                },
                in -> Wire.readClaim(in, program.n(), program.p(), program.m()));
    }

    private static Claim none(Status status, @Nullable String detail) {
        return Claim.none(status, 0, detail);
    }

    @Override
    public void cancel() {
        place.cancel();
    }

    @Override
    public void close() {
        place.close();
    }
}
