package io.argmind.config;

import io.argmind.solver.ortools.OrToolsLibrary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The memory that no garbage collector sees: of the process as a whole, and objects of the native
 * solvers.
 */
final class ProcessMeters implements MeterBinder {
    private static final Path STATUS = Path.of("/proc/self/status");

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("argmind.native.live.objects", OrToolsLibrary::liveObjects)
                .description("native solver objects that exist now; 0 when idle")
                .register(registry);
        if (Files.isReadable(STATUS)) {
            Gauge.builder("process.memory.rss", ProcessMeters::residentBytes)
                    .baseUnit("bytes")
                    .description("resident memory of the process, native memory included")
                    .register(registry);
        }
    }

    /** VmRSS, or NaN if it cannot be read. */
    private static double residentBytes() {
        try {
            for (String line : Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1)) {
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
