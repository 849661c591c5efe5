package io.argmind.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.image.Endpoint.Reply;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Native solvers in processes of their own, in the image: one is killed, and nobody notices. */
@ExtendWith(NeedsDocker.class)
class IsolatedIT {
    private static final String WORKERS =
            "for p in /proc/[0-9]*; do ! grep -q [W]orkerMain $p/cmdline || echo ${p#/proc/}; done";
    private static final String GLOP =
            "{'problem': {'c': [1, 2], 'A': [[1, 1]], 'b': [1], 'lb': 0}, 'solver': 'ortools-glop'}";

    @Test
    void aKilledWorkerIsReplaced() throws Exception {
        try (Replica replica = new Replica("--argmind.solver.isolation=process")) {
            replica.start();
            Reply first = replica.service().post("/solve", GLOP);
            assertThat(first.json().path("status").asString()).isEqualTo("optimal");
            String workers = run(replica, WORKERS);
            assertThat(workers).isNotBlank();
            run(replica, "kill -9 " + workers.strip().replace('\n', ' '));

            Reply second = replica.service().post("/solve", GLOP);
            assertThat(second.json().path("x")).isEqualTo(first.json().path("x"));
            assertThat(run(replica, WORKERS)).isNotBlank().doesNotContain(workers.strip());
            JsonNode solvers = replica.service().get("/solvers").json().path("solvers");
            for (JsonNode solver : solvers) {
                assertThat(solver.path("isolated").asBoolean())
                        .as(solver.toString())
                        .isEqualTo(solver.path("name").asString().startsWith("ortools-"));
            }
        }
    }

    private static String run(Replica replica, String script)
            throws IOException, InterruptedException {
        return replica.execInContainer("bash", "-c", script).getStdout();
    }
}
