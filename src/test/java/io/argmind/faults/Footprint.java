package io.argmind.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a service in this process holds.
 *
 * @param threads of the platform
 * @param heapBytes after a collection
 * @param connections that are open at its port; 0 where there is no /proc
 */
record Footprint(int threads, long heapBytes, long connections) {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long SLACK_BYTES = 48L << 20;
    private static final int SLACK_THREADS = 8; // of pools of the JDK, which come and go
    private static final String ESTABLISHED = "01";

    static Footprint of(int port) throws IOException {
        System.gc();
        return new Footprint(
                ManagementFactory.getThreadMXBean().getThreadCount(),
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                connections(port));
    }

    /** Waits until the service holds no more than this again. */
    void requireAgain(int port) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        Footprint now = of(port);
        while (!isLike(now) && System.nanoTime() - end < 0) {
            Thread.sleep(200);
            now = of(port);
        }
        assertThat(isLike(now)).as("%s after %s", now, this).isTrue();
    }

    private boolean isLike(Footprint now) {
        return now.threads <= threads + SLACK_THREADS
                && now.heapBytes <= heapBytes + SLACK_BYTES
                && now.connections <= connections;
    }

    /** Lines of /proc/net/tcp and tcp6: number, local address:port, remote, state. */
    private static long connections(int port) throws IOException {
        String local = String.format(Locale.ROOT, ":%04X", port);
        long count = 0;
        for (String file : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            if (Files.isReadable(Path.of(file))) {
                try (Stream<String> lines = Files.lines(Path.of(file))) {
                    count +=
                            lines.map(line -> line.strip().split("\\s+"))
                                    .filter(f -> f[1].endsWith(local) && f[3].equals(ESTABLISHED))
                                    .count();
                }
            }
        }
        return count;
    }
}
