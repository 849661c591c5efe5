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
import io.argmind.solver.ortools.GlopSolver;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A solver of linear programs that misbehaves where the first cost says so. Otherwise it is another
 * one.
 */
public final class TestSolver implements Solver {
    public static final String NAME = "test";

    /** First cost of programs that take until their deadline, without using the processor. */
    public static final double SLEEP = -7001;

    /** First cost of programs that take until their deadline, and a whole processor. */
    public static final double SPIN = -7002;

    /** First cost of programs on which the session throws. */
    public static final double THROW = -7003;

    /** First cost of programs on which the solver is broken before any session is opened. */
    public static final double BROKEN = -7004;

    /** First cost of programs that take a tenth of a second. */
    public static final double SHORT_SLEEP = -7005;

    /** How many solves were begun that misbehave. */
    public static final AtomicInteger BEGUN = new AtomicInteger();

    private static final long SHORT_NANOS = 100_000_000L;

    private final Solver other = new GlopSolver();

    @Override
    public Capabilities capabilities() {
        Capabilities can = other.capabilities();
        return new Capabilities(
                NAME,
                can.version(),
                Set.of(ProblemClass.LP),
                Set.of(),
                can.duals(),
                can.warmStart(),
                false,
                false,
                "For tests.");
    }

    @Override
    public Optional<String> refuse(Program program) {
        if (program.c()[0] == BROKEN) {
            throw new IllegalStateException("secret inner life of a solver");
        }
        return other.refuse(program);
    }

    @Override
    public double estimateSeconds(Program program) {
        return other.estimateSeconds(program);
    }

    @Override
    public Session open() {
        return new TestSession(other.open());
    }

    private static final class TestSession implements Session {
        private final Session session;
        private volatile boolean cancelled;

        TestSession(Session session) {
            this.session = session;
        }

        @Override
        public Claim solve(Program program, @Nullable WarmStart warm, Limits limits) {
            double mark = program.c()[0];
            if (mark == THROW) {
                BEGUN.incrementAndGet();
                throw new IllegalStateException("secret inner life of a session");
            }
            if (mark == SHORT_SLEEP) {
                waitFor(false, limits.withDeadline(System.nanoTime() + SHORT_NANOS));
            }
            if (mark == SLEEP || mark == SPIN) {
                BEGUN.incrementAndGet();
                waitFor(mark == SPIN, limits);
                return Claim.none(Status.TIME_LIMIT, 0, "slept");
            }
            return session.solve(program, warm, limits);
        }

        private void waitFor(boolean spin, Limits limits) {
            while (!limits.isOver() && !cancelled) {
                if (spin) {
                    Thread.onSpinWait();
                    continue;
                }
                try {
                    Thread.sleep(2);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
            cancelled = false;
        }

        @Override
        public void cancel() {
            cancelled = true;
            session.cancel();
        }

        @Override
        public void close() {
            session.close();
        }
    }
}
