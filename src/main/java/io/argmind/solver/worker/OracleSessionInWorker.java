package io.argmind.solver.worker;

import io.argmind.problem.discrete.Discrete;
import io.argmind.solver.Limits;
import io.argmind.solver.OracleSession;
import io.argmind.solver.Selection;

/** An oracle's session in another process, which gets the set once. */
final class OracleSessionInWorker implements OracleSession {
    private final Place place;

    OracleSessionInWorker(WorkerPool pool, String oracle, Discrete set) {
        place =
                new Place(
                        pool,
                        oracle,
                        Verb.OPEN_ORACLE,
                        out -> {
                            out.writeText(oracle);
                            SetWire.write(out, set);
                        });
    }

    @Override
    public Selection solve(double[] cost, Limits limits) {
        return place.ask(
                limits,
                (worker, session, isNew) ->
                        worker.ask(
                                Verb.MINIMIZE,
                                session,
                                limits.deadlineNanos(),
                                out -> {
                                    Wire.write(out, limits);
                                    out.writeDoubles(cost);
                                },
                                in -> Wire.readSelection(in, cost.length)),
                (status, detail) -> Selection.none(status, 0, detail));
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
