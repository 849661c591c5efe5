package io.argmind.solver.worker;

import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.solver.Capabilities;
import io.argmind.solver.Limits;
import io.argmind.solver.Session;
import io.argmind.solver.Solver;
import io.argmind.solver.WarmStart;
import io.argmind.solver.ortools.GlopSolver;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** GLOP, and a {@link Fault} where the first cost of a program names one. */
final class FaultySolver implements Solver {
    /** The system property with a directory where it notes what it did once. */
    static final String NOTES = "faulty.notes";

    private final Solver other = new GlopSolver();

    @Override
    public Capabilities capabilities() {
        return other.capabilities();
    }

    @Override
    public double estimateSeconds(Program program) {
        return other.estimateSeconds(program);
    }

    @Override
    public Session open() {
        return new FaultySession(other.open());
    }

    private static final class FaultySession implements Session {
        private final Session session;
        private volatile boolean cancelled;

        FaultySession(Session session) {
            this.session = session;
        }

        @Override
        public Claim solve(Program program, @Nullable WarmStart warm, Limits limits) {
            for (Fault fault : Fault.values()) {
                if (program.c()[0] == fault.cost()) {
                    Claim claim = commit(fault, limits);
                    if (claim != null) {
                        return claim;
                    }
                }
            }
            return session.solve(program, warm, limits);
        }

        @Override
        public Claim resolve(Program program, Limits limits) {
            return program.c()[0] == Fault.SEGV_ONCE.cost()
                    ? solveAfterFault(program, limits)
                    : session.resolve(program, limits);
        }

        private Claim solveAfterFault(Program program, Limits limits) {
            commit(Fault.SEGV_ONCE, limits);
            return session.resolve(program, limits);
        }

        private @Nullable Claim commit(Fault fault, Limits limits) {
            cancelled = false;
            switch (fault) {
                case SEGV -> writeToNowhere();
                case ABORT -> call("abort");
                case EXIT -> System.exit(3);
                case HALT -> Runtime.getRuntime().halt(4);
                case OUT_OF_MEMORY -> fillTheHeap();
                case GARBLE -> garble();
                case HANG -> sleep(Limits.generous(), false);
                case SLEEP -> {
                    sleep(limits, true);
                    return Claim.none(Status.TIME_LIMIT, 0, "slept");
                }
                case THROW -> throw new IllegalStateException("on purpose");
                case CHATTER -> call("puts", "x".repeat(100_000));
                case SEGV_ONCE -> {
                    if (isFirst(fault)) {
                        writeToNowhere();
                    }
                }
                case SLEEP_ONCE -> {
                    if (isFirst(fault)) {
                        sleep(limits, true);
                    }
                }
            }
            return null;
        }

        private void sleep(Limits limits, boolean listens) {
            while (!limits.isOver() && !(listens && cancelled)) {
                try {
                    Thread.sleep(2);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
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

    private static boolean isFirst(Fault fault) {
        try {
            Files.createFile(Path.of(System.getProperty(NOTES), fault.name()));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("restricted") // a crash is what is wanted
    private static void writeToNowhere() {
        MemorySegment.ofAddress(8).reinterpret(64).set(ValueLayout.JAVA_LONG, 0, 1);
    }

    private static void fillTheHeap() {
        long[][] all = new long[1 << 12][];
        for (int k = 0; k < all.length; k++) {
            all[k] = new long[1 << 20];
        }
        throw new IllegalStateException("the heap is too large for this test: " + all.length);
    }

    @SuppressWarnings("restricted") // native code on purpose
    private static MethodHandle libc(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), type);
    }

    private static void call(String name) {
        try {
            libc(name, FunctionDescriptor.ofVoid()).invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void call(String name, String text) {
        FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
        try (Arena arena = Arena.ofConfined()) {
            int ignored = (int) libc(name, type).invokeExact(arena.allocateFrom(text));
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes to every socket that this process has. */
    private static void garble() {
        FunctionDescriptor type =
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG);
        try (Arena arena = Arena.ofConfined();
                Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            MemorySegment garbage = arena.allocateFrom("this is not an answer");
            List<Path> sockets = all.filter(FaultySolver::isSocket).toList();
            for (Path socket : sockets) {
                int number = Integer.parseInt(String.valueOf(socket.getFileName()));
                long ignored = (long) libc("write", type).invokeExact(number, garbage, 21L);
            }
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isSocket(Path file) {
        try {
            return Files.readSymbolicLink(file).toString().startsWith("socket:");
        } catch (IOException e) {
            return false; // the one that lists them
        }
    }
}
