package io.argmind.solver.worker;

import io.argmind.problem.Program;
import io.argmind.problem.discrete.Discrete;
import io.argmind.solution.Claim;
import io.argmind.solver.Limits;
import io.argmind.solver.Oracle;
import io.argmind.solver.OracleSession;
import io.argmind.solver.Selection;
import io.argmind.solver.Session;
import io.argmind.solver.Solver;
import io.argmind.solver.WarmStart;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The sessions of a worker. One thread serves them; another may {@link #cancel} what it does. */
final class Host {
    private final Map<String, Solver> solvers = new HashMap<>();
    private final Map<String, Oracle> oracles = new HashMap<>();
    private final Map<Integer, Slot> slots = new HashMap<>();
    private long running; // guarded by this, as the next
    private @Nullable Runnable stop;

    /** A session, or why it could not be opened: whoever asks it hears that. */
    private sealed interface Open {}

    private record OpenSolver(Session session) implements Open {}

    private record OpenOracle(OracleSession session) implements Open {}

    private record Broken(String why) implements Open {}

    /** Where a session is, with the program that it got last. */
    private static final class Slot {
        final Open open;
        @Nullable Program last;

        Slot(Open open) {
            this.open = open;
        }
    }

    /** Something to send back. */
    private interface Reply {
        void write(WireOutput out) throws IOException;
    }

    /** Does the work of a question. */
    private interface Work {
        Reply run();
    }

    void know(WorkerProcess.Backends backends) {
        backends.solvers().forEach(s -> solvers.put(s.name(), s));
        backends.oracles().forEach(o -> oracles.put(o.name(), o));
    }

    /** Says that it is ready and serves until the other side is gone. */
    void serve(WireInput in, WireOutput out) throws IOException {
        out.writeInt(Wire.MARK);
        out.flush();
        while (true) {
            in.expect(Wire.MARK);
            Verb verb = in.readEnum(Verb.class);
            int session = in.readInt();
            switch (verb) {
                case OPEN_SOLVER -> openSolver(session, in);
                case OPEN_ORACLE -> openOracle(session, in);
                case SOLVE, RESOLVE, MINIMIZE -> answer(verb, session, in, out);
                case CLOSE -> close(session);
            }
        }
    }

    private void openSolver(int id, WireInput in) throws IOException {
        String name = in.readText();
        try {
            Solver solver = Objects.requireNonNull(solvers.get(name), "no such solver");
            slots.put(id, new Slot(new OpenSolver(solver.open())));
        } catch (RuntimeException | LinkageError e) {
            slots.put(id, new Slot(new Broken(e.toString())));
        }
    }

    private void openOracle(int id, WireInput in) throws IOException {
        String name = in.readText();
        Discrete set = SetWire.read(in);
        try {
            Oracle oracle = Objects.requireNonNull(oracles.get(name), "no such oracle");
            slots.put(id, new Slot(new OpenOracle(oracle.open(set))));
        } catch (RuntimeException | LinkageError e) {
            slots.put(id, new Slot(new Broken(e.toString())));
        }
    }

    private void close(int id) {
        Slot slot = slots.remove(id);
        switch (slot == null ? null : slot.open) {
            case OpenSolver s -> s.session.close();
            case OpenOracle o -> o.session.close();
            case Broken b -> {}
            case null -> {}
        }
    }

    /** Reads all of a question before it does anything, so that the next one can be read. */
    private void answer(Verb verb, int session, WireInput in, WireOutput out) throws IOException {
        long number = in.readLong();
        Limits limits = Wire.readLimits(in);
        Slot slot = slots.get(session);
        if (slot == null) {
            throw new GarbledException("no such session");
        }
        Work work =
                verb == Verb.MINIMIZE
                        ? costs(slot.open, limits, in)
                        : program(verb, slot, limits, in);
        Reply reply = null;
        String failure = null;
        begin(number, slot.open);
        try {
            reply = work.run();
        } catch (RuntimeException | Error e) {
            failure = e.toString();
        } finally {
            end();
        }
        out.writeInt(Wire.MARK);
        out.writeLong(number);
        out.writeBoolean(reply != null);
        if (reply != null) {
            reply.write(out);
        } else {
            out.writeText(failure);
        }
        out.writeInt(Wire.END);
        out.flush();
    }

    private static Work costs(Open open, Limits limits, WireInput in) throws IOException {
        double[] cost = in.readDoubles();
        return () -> {
            if (!(open instanceof OpenOracle oracle)) {
                throw new IllegalStateException(why(open));
            }
            Selection selection = oracle.session.solve(cost, limits);
            return out -> Wire.write(out, selection);
        };
    }

    private static Work program(Verb verb, Slot slot, Limits limits, WireInput in)
            throws IOException {
        Program program = ProgramWire.read(in, slot.last);
        slot.last = program;
        WarmStart warm = verb == Verb.SOLVE ? Wire.readWarmStart(in) : null;
        return () -> {
            if (!(slot.open instanceof OpenSolver solver)) {
                throw new IllegalStateException(why(slot.open));
            }
            Claim claim =
                    verb == Verb.SOLVE
                            ? solver.session.solve(program, warm, limits)
                            : solver.session.resolve(program, limits);
            return out -> Wire.write(out, claim);
        };
    }

    private static String why(Open open) {
        return open instanceof Broken broken ? broken.why : "a session of another sort";
    }

    private synchronized void begin(long number, Open open) {
        running = number;
        stop =
                switch (open) {
                    case OpenSolver s -> s.session::cancel;
                    case OpenOracle o -> o.session::cancel;
                    case Broken b -> null;
                };
    }

    private synchronized void end() {
        running = 0;
        stop = null;
    }

    /** Stops a question if it is the one at work. */
    synchronized void cancel(long number) {
        if (number == running && stop != null) {
            stop.run();
        }
    }
}
