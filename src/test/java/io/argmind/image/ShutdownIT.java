package io.argmind.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.image.Endpoint.Reply;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code docker stop}. */
@ExtendWith(NeedsDocker.class)
class ShutdownIT {
    private static final int SOLVE_SECONDS = 10;

    @Test
    void whatIsInFlightEndsAndWhatComesIsServedUntilTheEnd() throws Exception {
        try (Replica replica = new Replica("--argmind.solver.threads=2", "--argmind.drain=3s");
                ExecutorService threads = Executors.newCachedThreadPool()) {
            replica.start();
            Endpoint service = replica.service();
            Endpoint management = replica.management();
            Future<Reply> slow =
                    threads.submit(() -> service.post("/solve", Programs.slow(SOLVE_SECONDS)));
            Endpoint.await("a solve that runs", () -> busy(management));

            Future<?> stopping = threads.submit(() -> Docker.stop(replica));
            Endpoint.await("not ready", () -> readiness(service) == 503);
            Reply late = service.post("/solve", Programs.solve());
            assertThat(late.status()).isEqualTo(200);
            assertThat(late.header("Connection")).isEqualTo("close");
            assertThat(slow.isDone()).as("still in flight").isFalse();

            Reply ended = slow.get();
            assertThat(ended.status()).isEqualTo(200);
            assertThat(ended.json().path("status").asString()).isEqualTo("time-limit");
            stopping.get();
            assertThat(Docker.state(replica).getExitCodeLong())
                    .as("ended by the signal itself, after its shutdown")
                    .isEqualTo(128 + 15);
        }
    }

    private static boolean busy(Endpoint management) {
        try {
            return management
                    .get("/actuator/prometheus")
                    .text()
                    .lines()
                    .filter(line -> line.startsWith("argmind_solver_busy"))
                    .anyMatch(line -> line.endsWith(" 1.0"));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int readiness(Endpoint service) {
        try {
            return service.get("/readyz").status();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
