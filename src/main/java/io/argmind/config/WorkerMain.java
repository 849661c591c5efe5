package io.argmind.config;

import io.argmind.solver.ortools.OrToolsLibrary;
import io.argmind.solver.worker.WorkerCommand;
import io.argmind.solver.worker.WorkerProcess;
import java.io.File;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The process of native back-ends, and how it is started from the same files as this one. */
final class WorkerMain {
    /** Runs a main class from the jar with everything in it. */
    private static final String LAUNCHER =
            "org.springframework.boot.loader.launch.PropertiesLauncher";

    private WorkerMain() {}

    /**
     * Started by the service.
     *
     * @param args the socket of the parent
     */
    public static void main(String[] args) {
        WorkerProcess.run(Path.of(args[0]), Backends::natives);
    }

    /**
     * How to start it.
     *
     * @param heapBytes the largest heap of a worker
     */
    static WorkerCommand command(long heapBytes) {
        String main = WorkerMain.class.getName();
        String classPath = absolute(System.getProperty("java.class.path"));
        URL here = WorkerMain.class.getProtectionDomain().getCodeSource().getLocation();
        boolean nested = here.getProtocol().equals("jar");
        List<String> launch =
                nested
                        ? List.of("-cp", classPath, "-Dloader.main=" + main, LAUNCHER)
                        : List.of("-cp", classPath, main);
        return new WorkerCommand(launch, heapBytes, OrToolsLibrary.directory().orElse(null));
    }

    /** A worker has another working directory. */
    private static String absolute(String classPath) {
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(classPath)
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
