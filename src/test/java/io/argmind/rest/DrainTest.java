package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.rest.Http.Reply;
import io.argmind.testkit.TestSolver;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/** One of two replicas shuts down under load: nobody loses a request. */
class DrainTest {
    private static final int CLIENTS = 32;
    private static final int WARM = 3;
    private static final String[] ROOM = {
        "--argmind.solver.threads=16", "--argmind.limits.requests=128", "--argmind.drain=3s"
    };

    /** Two replicas as a balancer sees them, by their readiness, and the clients behind it. */
    private static final class Load {
        private final int[] ports;
        private final AtomicIntegerArray ready = new AtomicIntegerArray(new int[] {1, 1});
        private final AtomicIntegerArray answered = new AtomicIntegerArray(2);
        private final ConcurrentLinkedQueue<String> lost = new ConcurrentLinkedQueue<>();
        private final CountDownLatch warm = new CountDownLatch(CLIENTS);
        private volatile boolean stop;

        Load(int... ports) {
            this.ports = ports;
        }

        private static HttpClient newClient() {
            return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        }

        private HttpRequest.Builder request(int replica, String path) {
            return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports[replica] + path))
                    .timeout(Duration.ofSeconds(30));
        }

        /** Asks for readiness ten times a second. */
        void poll() {
            try (HttpClient client = newClient()) {
                while (!stop) {
                    for (int k = 0; k < ports.length; k++) {
                        ready.set(k, isReady(client, k) ? 1 : 0);
                    }
                    Thread.sleep(100);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private boolean isReady(HttpClient client, int replica) throws InterruptedException {
            try {
                return client.send(request(replica, "/readyz").build(), BodyHandlers.discarding())
                                .statusCode()
                        == 200;
            } catch (IOException e) {
                return false;
            }
        }

        /** One client with a kept-alive connection to each replica. */
        void run(int preferred) {
            String body =
                    "{\"problem\": {\"c\": ["
                            + TestSolver.SHORT_SLEEP
                            + "], \"lb\": 0, \"ub\": 1}, \"solver\": \"test\"}";
            try (HttpClient client = newClient()) {
                for (int count = 0; !stop; count++) {
                    int replica = ready.get(preferred) == 1 ? preferred : 1 - preferred;
                    HttpRequest request =
                            request(replica, "/solve")
                                    .header("Content-Type", "application/json")
                                    .POST(BodyPublishers.ofString(body))
                                    .build();
                    try {
                        note(replica, client.send(request, BodyHandlers.ofString()));
                    } catch (IOException e) {
                        lost.add("at replica " + replica + ": " + e);
                    }
                    if (count == WARM) {
                        warm.countDown();
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** A refusal that says when to retry is not a loss. */
        private void note(int replica, HttpResponse<String> response) {
            boolean retry = response.headers().firstValue("Retry-After").isPresent();
            if (response.statusCode() == 200) {
                answered.incrementAndGet(replica);
            } else if (response.statusCode() != 503 || !retry) {
                lost.add(response.statusCode() + " " + response.body());
            }
        }
    }

    @Test
    void noRequestIsLost() throws Exception {
        try (Service staying = Service.start(ROOM);
                ExecutorService threads = Executors.newCachedThreadPool()) {
            Service leaving = Service.start(ROOM);
            Load load = new Load(leaving.port(), staying.port());
            List<Future<?>> running = new ArrayList<>();
            for (int k = 0; k < CLIENTS; k++) {
                int preferred = k % 2;
                running.add(threads.submit(() -> load.run(preferred)));
            }
            running.add(threads.submit(load::poll));
            load.warm.await();
            int before = load.answered.get(0);

            leaving.close();
            int atEnd = load.answered.get(1);
            Thread.sleep(1000);
            load.stop = true;
            for (Future<?> one : running) {
                one.get();
            }
            assertThat(load.lost).isEmpty();
            assertThat(load.answered.get(0)).as("by the one that leaves").isGreaterThan(before);
            assertThat(load.answered.get(1)).as("afterwards").isGreaterThan(atEnd);
        }
    }

    @Test
    void aLongSolveEndsAndTheAnswersSayGoodbye() throws Exception {
        Service service = Service.start("--argmind.solver.threads=2", "--argmind.drain=2s");
        Http http = service.http();
        int before = TestSolver.BEGUN.get();
        String slow = "{'problem': {'c': [" + TestSolver.SLEEP + "], 'lb': 0}, 'solver': 'test'}";
        CompletableFuture<Reply> running =
                http.sendAsync(http.posting("/solve", slow).header("X-Server-Timeout", "5"));
        OverloadTest.await(() -> TestSolver.BEGUN.get() > before);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(service::close);
        OverloadTest.await(() -> http.get("/readyz").status() == 503);

        Contract.requireConforming("GET", "/readyz", http.get("/readyz"));
        assertThat(http.get("/livez").status()).isEqualTo(200);
        Reply served = http.post("/solve", "{'problem': {'c': [1], 'lb': 0}}");
        assertThat(served.status()).isEqualTo(200);
        assertThat(served.header("Connection")).isEqualTo("close");

        Reply ended = running.get();
        assertThat(ended.status()).isEqualTo(200);
        assertThat(ended.json().path("status").asString()).isEqualTo("time-limit");
        closing.get();
    }
}
