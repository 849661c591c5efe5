package io.argmind.config;

import io.argmind.dispatch.Admission;
import io.argmind.dispatch.DispatchSettings;
import io.argmind.rest.Rehearsal;
import io.argmind.solver.Oracles;
import io.argmind.solver.Solvers;
import io.argmind.tensor.DocumentReader;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.stereotype.Component;

/**
 * Rehearses what training loops ask for, after the start and only while nobody asks for anything. A
 * JVM that has just started runs the engine several times slower than one that has compiled it,
 * which takes tens of seconds of work; most of that then happens before the first request.
 */
@Component
final class WarmUp implements ApplicationListener<ApplicationReadyEvent>, DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    /** A training loop's requests are closer together than this. */
    private static final Duration QUIET = Duration.ofMillis(500);

    private final Solvers solvers;
    private final Oracles oracles;
    private final DispatchSettings settings;
    private final DocumentReader reader;
    private final Admission admission;
    private final Duration length;
    private volatile boolean stopped;
    private final Thread thread = new Thread(this::run, "warm-up");

    WarmUp(
            Solvers solvers,
            Oracles oracles,
            DispatchSettings settings,
            DocumentReader reader,
            Admission admission,
            ArgmindProperties properties) {
        this.solvers = solvers;
        this.oracles = oracles;
        this.settings = settings;
        this.reader = reader;
        this.admission = admission;
        this.length = properties.warmUp();
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        if (length.isPositive() && thread.getState() == Thread.State.NEW) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void run() {
        long end = System.nanoTime() + length.toNanos();
        try (Rehearsal rehearsal = new Rehearsal(solvers, oracles, settings, reader)) {
            for (int k = 0; System.nanoTime() - end < 0; ) {
                if (admission.idle().compareTo(QUIET) < 0) {
                    Thread.sleep(QUIET);
                } else {
                    rehearsal.perform(k++ % rehearsal.scenes());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            if (!stopped) {
                LOG.error(
                        "the warm-up failed; the service works, but its first requests are slow",
                        e);
            }
        }
    }

    @Override
    public void destroy() {
        stopped = true;
        thread.interrupt();
    }
}
