package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.rest.Http.Reply;
import io.argmind.solver.worker.WorkerPool;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The service with its native solvers in processes of their own, which somebody kills. */
class ProcessIsolationTest {
    private static final Service SERVICE =
            Service.start("--argmind.solver.isolation=process", "--argmind.solver.threads=2");
    private static final Http HTTP = SERVICE.http();
    private static final WorkerPool POOL = SERVICE.bean(WorkerPool.class);

    @AfterAll
    static void stop() {
        SERVICE.close();
        assertThat(POOL.pids()).isEmpty();
    }

    @Test
    void saysWhichSolversAreIsolated() {
        Reply reply = HTTP.get("/solvers");
        Contract.requireConforming("GET", "/solvers", reply);
        for (JsonNode solver : reply.json().path("solvers")) {
            String name = solver.path("name").asString();
            assertThat(solver.path("isolated").asBoolean())
                    .as(name)
                    .isEqualTo(name.startsWith("ortools-"));
        }
        for (JsonNode solver : Service.shared().http().get("/solvers").json().path("solvers")) {
            assertThat(solver.path("isolated").asBoolean()).isFalse();
        }
    }

    /** Batches of small and middle-sized programs, with a backward pass. */
    private static String problem(String fields) {
        Random random = new Random(5);
        List<String> costs =
                IntStream.range(0, 60)
                        .mapToObj(i -> random.doubles(6, -1, 1).boxed().toList().toString())
                        .toList();
        return "{'c': "
                + costs
                + ", 'G': [[1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1]], 'h': [5, 7], 'lb': 0, 'ub': 1"
                + fields
                + "}";
    }

    private static JsonNode solve(Service service, String solver, String problem) {
        Reply reply =
                service.http()
                        .post("/solve", "{'problem': " + problem + ", 'solver': '" + solver + "'}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json();
    }

    private static void requireSame(String solver, String problem) {
        JsonNode here = solve(Service.shared(), solver, problem);
        JsonNode there = solve(SERVICE, solver, problem);
        for (String name :
                List.of("status", "x", "y", "z", "s", "z_box", "objective", "iterations")) {
            assertThat(there.path(name)).as(solver + " " + name).isEqualTo(here.path(name));
        }
    }

    @Test
    void answersAreTheSameBitForBit() {
        requireSame("auto", problem(""));
        requireSame("ortools-glop", problem(""));
        requireSame("ortools-pdlp", problem(""));
        requireSame("ortools-highs", problem(", 'integers': [0, 1, 2]"));
        requireSame("ortools-scip", problem(", 'integers': [0, 1, 2]"));
        String tour =
                "{'type': 'tsp', 'cost': [[0, 1, 9, 4], [1, 0, 2, 9], [9, 2, 0, 3], [4, 9, 3, 0]]}";
        JsonNode here = solve(Service.shared(), "ortools-cp-sat", tour);
        assertThat(solve(SERVICE, "ortools-cp-sat", tour).path("x")).isEqualTo(here.path("x"));
    }

    @Test
    void aKilledProcessIsNotSeenByAnyRequest() throws Exception {
        String problem = problem(", 'integers': [0, 1, 2, 3, 4, 5]");
        JsonNode expected = solve(SERVICE, "ortools-scip", problem);
        double restarts = restarts();
        AtomicInteger answered = new AtomicInteger();
        CompletableFuture<Boolean> load =
                CompletableFuture.supplyAsync(() -> {
                    while (restarts() < restarts + 3) {
                        JsonNode answer = solve(SERVICE, "ortools-scip", problem);
                        assertThat(answer.path("status")).isEqualTo(expected.path("status"));
                        assertThat(answer.path("x")).isEqualTo(expected.path("x"));
                        answered.incrementAndGet();
                    }
                    return true;
                });
        for (int k = 0; k < 3; k++) {
            long victim = POOL.pids().getFirst();
            ProcessHandle.of(victim).orElseThrow().destroyForcibly();
            OverloadTest.await(() -> !POOL.pids().isEmpty() && !POOL.pids().contains(victim));
            int sofar = answered.get();
            OverloadTest.await(() -> answered.get() > sofar + 1 || load.isDone());
        }
        assertThat(load.get(2, TimeUnit.MINUTES)).isTrue();
        assertThat(new Metrics(SERVICE).sum("argmind_worker_live")).isBetween(1.0, 2.0);
        assertThat(new Metrics(SERVICE).sum("argmind_worker_stuck_total")).isZero();
    }

    private static double restarts() {
        return new Metrics(SERVICE).sum("argmind_worker_restarts_total");
    }
}
