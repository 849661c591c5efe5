package io.argmind.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.image.Endpoint.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.lifecycle.Startables;

/** Two replicas behind HAProxy, which asks for their readiness and sends each in turn a request. */
@ExtendWith(NeedsDocker.class)
class ReplicasIT {
    private static final int CLIENTS = 8;

    private static final String BALANCER =
            """
            defaults
                mode http
                timeout connect 2s
                timeout client 60s
                timeout server 60s
                timeout check 10s
                option redispatch
            frontend front
                bind :8080
                default_backend replicas
            backend replicas
                balance roundrobin
                option httpchk GET /readyz
                http-response set-header X-Replica %s
                server left left:8080 check inter 500ms fall 2 rise 1
                server right right:8080 check inter 500ms fall 2 rise 1
            """;

    private final Network network = Network.newNetwork();

    @SuppressWarnings("NullAway.Init")
    private Replica left;

    @SuppressWarnings("NullAway.Init")
    private Replica right;

    @SuppressWarnings("NullAway.Init")
    private GenericContainer<?> balancer;

    @BeforeEach
    void start() {
        left = replica("left");
        right = replica("right");
        Startables.deepStart(left, right).join();
        balancer =
                Docker.neighbour()
                        .withNetwork(network)
                        .withCopyToContainer(Transferable.of(BALANCER), "/haproxy.cfg")
                        .withCommand("haproxy", "-f", "/haproxy.cfg")
                        .withExposedPorts(8080)
                        .waitingFor(Wait.forHttp("/readyz").forPort(8080));
        balancer.start();
    }

    private Replica replica(String name) {
        return new Replica("--argmind.drain=8s", "--argmind.limits.requests=64")
                .withNetwork(network)
                .withNetworkAliases(name);
    }

    @AfterEach
    void stop() {
        for (GenericContainer<?> one : new GenericContainer<?>[] {balancer, left, right}) {
            if (one != null) {
                one.stop();
            }
        }
        network.close();
    }

    private Endpoint front() {
        return new Endpoint(balancer.getHost(), balancer.getMappedPort(8080));
    }

    /** In one test, because two replicas take long to start. */
    @Test
    void anUnknownIdCostsAResendAndAReplicaThatLeavesCostsRetries() throws Exception {
        anIdIsUnknownToTheOther();
        aRegisteredProblemHasOneId();
        nobodyLosesARequest();
    }

    private void anIdIsUnknownToTheOther() throws Exception {
        Reply solved = front().post("/solve", Programs.solve());
        String keeper = solved.header("X-Replica");
        String id = "{'id': '" + solved.json().path("id").asString() + "'}";
        Map<String, Reply> byReplica = new HashMap<>();
        for (int k = 0; k < 4; k++) {
            Reply reply = front().post("/lpgd-backward", Programs.backward(id));
            byReplica.put(reply.header("X-Replica"), reply);
        }
        assertThat(byReplica).containsOnlyKeys("left", "right");
        Reply known = byReplica.getOrDefault(keeper, solved);
        assertThat(known.status()).isEqualTo(200);
        Reply unknown = byReplica.getOrDefault(keeper.equals("left") ? "right" : "left", solved);
        assertThat(unknown.status()).isEqualTo(410);
        assertThat(unknown.json().path("type").asString()).endsWith("/solve-not-retained");
        for (int k = 0; k < 2; k++) {
            Reply resent = front().post("/lpgd-backward", Programs.backward(Programs.SENT));
            assertThat(resent.status()).isEqualTo(200);
            assertThat(resent.json().path("gradients")).isEqualTo(known.json().path("gradients"));
        }
    }

    private void aRegisteredProblemHasOneId() throws Exception {
        Reply first = front().put("/problems", Programs.PROBLEM);
        Reply second = front().put("/problems", Programs.PROBLEM);
        assertThat(first.header("X-Replica")).isNotEqualTo(second.header("X-Replica"));
        assertThat(first.json().path("id")).isEqualTo(second.json().path("id"));
    }

    private void nobodyLosesARequest() throws Exception {
        ConcurrentLinkedQueue<String> lost = new ConcurrentLinkedQueue<>();
        AtomicInteger answered = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<?>> clients = new ArrayList<>();
            Thread main = Thread.currentThread();
            AtomicInteger goOn = new AtomicInteger(1);
            for (int k = 0; k < CLIENTS; k++) {
                clients.add(
                        threads.submit(() -> {
                            while (goOn.get() == 1 && main.isAlive()) {
                                ask(answered, lost);
                            }
                        }));
            }
            Endpoint.await("load", () -> answered.get() > 10 * CLIENTS);
            Docker.stop(left);
            int atEnd = answered.get();
            Endpoint.await("answers by the other", () -> answered.get() > atEnd + 10 * CLIENTS);
            goOn.set(0);
            for (Future<?> one : clients) {
                one.get();
            }
        }
        assertThat(lost).isEmpty();
        assertThat(Docker.state(left).getExitCodeLong()).isEqualTo(128 + 15);
        assertThat(front().post("/solve", Programs.solve()).header("X-Replica")).isEqualTo("right");
    }

    /** A refusal that says when to retry is not a loss. */
    private void ask(AtomicInteger answered, ConcurrentLinkedQueue<String> lost) {
        try {
            Reply reply = front().post("/solve", Programs.solve());
            if (reply.status() == 200) {
                answered.incrementAndGet();
            } else if (reply.status() != 503 || reply.header("Retry-After").isEmpty()) {
                lost.add(reply.status() + " " + reply.text());
            }
        } catch (IOException e) {
            lost.add(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
