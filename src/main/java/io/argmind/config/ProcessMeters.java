package io.argmind.config;

import io.argmind.linalg.WorkingMemory;
import io.argmind.solver.ortools.OrToolsLibrary;
import io.argmind.solver.worker.WorkerPool;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Memory: of the process as a whole, of the native solvers, which no garbage collector sees, and
 * what the solvers in Java work in.
 */
final class ProcessMeters implements MeterBinder {
    private static final Path STATUS = Path.of("/proc/self/status");

    private final WorkerPool pool;

    ProcessMeters(WorkerPool pool) {
        this.pool = pool;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("argmind.native.live.objects", OrToolsLibrary::liveObjects)
                .description("native solver objects that exist now; 0 when idle")
                .register(registry);
        Gauge.builder("argmind.worker.live", pool, p -> p.pids().size())
                .description("processes of native solvers")
                .register(registry);
        FunctionCounter.builder("argmind.worker.restarts", pool, WorkerPool::restarts)
                .description("processes of native solvers that ended and were replaced")
                .register(registry);
        FunctionCounter.builder("argmind.worker.stuck", pool, WorkerPool::stuck)
                .description("those of them that were ended because they ignored their limits")
                .register(registry);
        WorkingMemory memory = WorkingMemory.OF_THIS_JVM;
        Gauge.builder("argmind.admission.bytes", memory, WorkingMemory::used)
                .tag("pool", "work")
                .description("what solves in Java work in now")
                .register(registry);
        Gauge.builder("argmind.admission.bytes.max", memory, WorkingMemory::capacity)
                .tag("pool", "work")
                .description("what they may take together; others wait")
                .register(registry);
        if (Files.isReadable(STATUS)) {
            Gauge.builder("process.memory.rss", () -> residentBytes(STATUS))
                    .baseUnit("bytes")
                    .description("resident memory of the process, native memory included")
                    .register(registry);
            Gauge.builder("argmind.worker.memory.rss", pool, ProcessMeters::residentBytes)
                    .baseUnit("bytes")
                    .description("resident memory of all processes of native solvers")
                    .register(registry);
        }
    }

    private static double residentBytes(WorkerPool pool) {
        return pool.pids().stream()
                .mapToDouble(pid -> residentBytes(Path.of("/proc/" + pid + "/status")))
                .filter(bytes -> !Double.isNaN(bytes)) // it ended in between
                .sum();
    }

    /** VmRSS, or NaN if it cannot be read. */
    private static double residentBytes(Path status) {
        try {
            for (String line : Files.readAllLines(status, StandardCharsets.ISO_8859_1)) {
                if (line.startsWith("VmRSS:")) {
                    return 1024.0 * Long.parseLong(line.replaceAll("[^0-9]", ""));
                }
            }
        } catch (IOException e) {
            // not worth a log entry on every scrape
        }
        return Double.NaN;
    }
}
