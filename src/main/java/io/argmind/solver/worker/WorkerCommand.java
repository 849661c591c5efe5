package io.argmind.solver.worker;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a worker is started: the same JVM as this one, with the same modules and permissions, a small
 * heap, and nothing that a crash would leave behind. Its environment holds nothing but what native
 * libraries need, so no secret of the service either.
 */
public final class WorkerCommand {
    private static final Set<String> ENVIRONMENT =
            Set.of(
                    "PATH",
                    "HOME",
                    "LANG",
                    "LC_ALL",
                    "TZ",
                    "LD_LIBRARY_PATH",
                    "MALLOC_ARENA_MAX",
                    "OMP_NUM_THREADS",
                    "SystemRoot");

    private final List<String> flags = new ArrayList<>();
    private final List<String> launch;

    /**
     * A command to be completed.
     *
     * @param launch class path and main class, as {@code java} takes them; the main class gets the
     *     path of a socket and hands it to {@link WorkerProcess}
     * @param heapBytes the largest heap of a worker
     * @param natives a directory with the unpacked native libraries; null where each worker has to
     *     unpack its own
     */
    public WorkerCommand(List<String> launch, long heapBytes, @Nullable Path natives) {
        this.launch = List.copyOf(launch);
        flags.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--"))
                .forEach(flags::add);
        flags.add("-Xms8m");
        flags.add("-Xmx" + (heapBytes >> 20) + "m");
        flags.add("-Xshare:auto");
        flags.add("-XX:+UseSerialGC");
        flags.add("-XX:+ExitOnOutOfMemoryError");
        flags.add("-XX:-UsePerfData");
        flags.add("-XX:-CreateCoredumpOnCrash");
        flags.add("-XX:ErrorFile=/dev/null");
        if (natives != null) {
            flags.add("-Djava.library.path=" + natives);
        }
    }

    /**
     * Starts a worker.
     *
     * @param scratch a directory of its own, for its temporary files
     * @param socket what it connects to
     */
    ProcessBuilder in(Path scratch, Path socket) {
        List<String> words = new ArrayList<>(flags);
        words.add("-Djava.io.tmpdir=" + scratch);
        words.addAll(launch);
        words.add(socket.toString());
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().keySet().retainAll(ENVIRONMENT);
        return builder.directory(scratch.toFile()).redirectErrorStream(true);
    }
}
