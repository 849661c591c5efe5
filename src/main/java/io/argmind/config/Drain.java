package io.argmind.config;

import io.argmind.dispatch.Admission;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The first thing that happens on shutdown: readiness goes down and every answer closes its
 * connection, while requests are still served, so that clients with kept-alive connections move on
 * without losing one. Only then does the web server stop.
 */
@Component
final class Drain implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

    private final ApplicationContext context;
    private final Admission admission;
    private final Duration duration;
    private volatile boolean running;

    Drain(ApplicationContext context, Admission admission, ArgmindProperties properties) {
        this.context = context;
        this.admission = admission;
        this.duration = properties.drain();
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
        admission.sayGoodbye();
        LOG.info("draining for {}", duration);
        long end = System.nanoTime() + duration.toNanos();
        try {
            while (System.nanoTime() - end < 0) {
                Thread.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        admission.drain();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
