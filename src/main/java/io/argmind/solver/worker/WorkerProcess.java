package io.argmind.solver.worker;

import io.argmind.solver.Oracle;
import io.argmind.solver.Solver;
import java.io.DataInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * The life of a worker, in its own process: it connects to its parent, answers questions until the
 * connection ends, and ends with it.
 */
public final class WorkerProcess {
    private static final int RLIMIT_CORE = 4; // on Linux and macOS

    private WorkerProcess() {}

    /** The back-ends of a worker; made in it, where their native libraries are loaded. */
    public record Backends(List<Solver> solvers, List<Oracle> oracles) {}

    /**
     * Answers until the parent is gone; does not return.
     *
     * @param socket where the parent listens
     */
    public static void run(Path socket, Supplier<Backends> backends) {
        Host host = new Host();
        Thread control = new Thread(() -> listen(host, socket), "control");
        control.setDaemon(true);
        control.start();
        leaveNoCore();
        try {
            host.know(backends.get());
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                host.serve(new WireInput(channel), new WireOutput(channel));
            }
        } catch (IOException e) {
            end(socket); // the parent closed the connection
        }
    }

    /** Hears cancellations, and the parent's end. */
    private static void listen(Host host, Path socket) {
        try (DataInputStream in = new DataInputStream(new FileInputStream(FileDescriptor.in))) {
            while (true) {
                host.cancel(in.readLong());
            }
        } catch (IOException e) {
            end(socket);
        }
    }

    /** Takes its temporary directory along, which a parent that was killed cannot do. */
    private static void end(Path socket) {
        try {
            Files.deleteIfExists(Objects.requireNonNull(socket.getParent()));
        } catch (IOException e) {
            // a parent that lives deletes what is in it, too
        } finally {
            Runtime.getRuntime().halt(0);
        }
    }

    /** The JVM's flag keeps its own crashes from writing cores; this is for {@code abort()}. */
    @SuppressWarnings("restricted") // setrlimit has no Java face
    private static void leaveNoCore() {
        Linker linker = Linker.nativeLinker();
        linker.defaultLookup()
                .find("setrlimit")
                .ifPresent(address -> {
                    try (Arena arena = Arena.ofConfined()) {
                        MemorySegment none = arena.allocate(ValueLayout.JAVA_LONG, 2);
                        int ignored =
                                (int)
                                        linker.downcallHandle(
                                                        address,
                                                        FunctionDescriptor.of(
                                                                ValueLayout.JAVA_INT,
                                                                ValueLayout.JAVA_INT,
                                                                ValueLayout.ADDRESS))
                                                .invokeExact(RLIMIT_CORE, none);
                    } catch (Throwable e) {
                        throw new IllegalStateException("setrlimit cannot be called", e);
                    }
                });
    }
}
