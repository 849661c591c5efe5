package io.argmind.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import io.argmind.image.Endpoint.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Little memory and large bodies: refusals, and no death. */
@ExtendWith(NeedsDocker.class)
class MemoryIT {
    private static final long LIMIT = 1L << 30;
    private static final int CLIENTS = 8;
    private static final int ROUNDS = 3;

    @Test
    void itRefusesWhatItCannotHold() throws Exception {
        try (Replica replica = new Replica().withMemory(LIMIT);
                ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
            replica.start();
            assertThat(heap(replica))
                    .as("the heap follows the limit")
                    .isCloseTo(0.45 * LIMIT, Percentage.withPercentage(10));
            assertThat(replica.service().post("/solve", Programs.large(65 << 20)).status())
                    .isEqualTo(413);

            Reply many = replica.service().post("/solve", Programs.dense(60 << 20));
            assertThat(many.status()).as(many.text()).isEqualTo(400);
            assertThat(many.text()).contains("numbers in one document");

            String body = Programs.large(40 << 20);
            List<Future<Reply>> sent = new ArrayList<>();
            for (int k = 0; k < CLIENTS * ROUNDS; k++) {
                sent.add(threads.submit(() -> replica.service().post("/solve", body)));
            }
            List<Integer> statuses = new ArrayList<>();
            for (Future<Reply> one : sent) {
                Reply reply = one.get();
                statuses.add(reply.status());
                if (reply.status() == 503) {
                    assertThat(reply.header("Retry-After")).as(reply.text()).isNotEmpty();
                }
            }
            assertThat(statuses).as("read, or refused").containsOnly(422, 503).contains(422, 503);

            ContainerState state = Docker.state(replica);
            assertThat(state.getOOMKilled()).isFalse();
            assertThat(state.getRunning()).isTrue();
            assertThat(replica.service().post("/solve", Programs.solve()).status()).isEqualTo(200);
        }
    }

    private static double heap(Replica replica) throws Exception {
        return replica.management()
                .get("/actuator/prometheus")
                .text()
                .lines()
                .filter(line -> line.startsWith("jvm_memory_max_bytes{area=\"heap\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf('}') + 1)))
                .filter(bytes -> bytes > 0)
                .sum();
    }
}
