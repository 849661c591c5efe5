package io.argmind.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.rest.Http;
import io.argmind.rest.Http.Reply;
import io.argmind.rest.Ledger;
import io.argmind.rest.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Four times as many requests as the service can do: it goes on doing what it can. */
class StormTest {
    private static final int THREADS = 2;
    private static final int PROGRAMS = 170;
    private static final Service SERVICE = Service.start("--argmind.solver.threads=" + THREADS);
    private static final Http HTTP = SERVICE.http();
    private static final LightClient CLIENT = new LightClient(SERVICE.port(), "/solve", body());

    @AfterAll
    static void stop() throws IOException {
        CLIENT.close();
        SERVICE.close();
    }

    /** What came of so many seconds. */
    private record Result(
            double goodPerSecond, int refused, Queue<String> lost, List<Double> probeMillis) {
        /** Of sorted probes. */
        double p99() {
            return probeMillis.get(probeMillis.size() * 99 / 100);
        }
    }

    /**
     * Programs of 12 variables that share their matrices: little to read, and to solve about 40 ms
     * of a thread, on a core of its own.
     */
    private static String body() {
        SplittableRandom random = new SplittableRandom(3);
        List<String> G = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            G.add(random.doubles(12, -1, 1).boxed().toList().toString());
        }
        List<String> c = new ArrayList<>();
        for (int i = 0; i < PROGRAMS; i++) {
            c.add(random.doubles(12, -1, 1).boxed().toList().toString());
        }
        String h = random.doubles(24, 1, 2).boxed().toList().toString();
        return "{'problem': {'c': %s, 'G': %s, 'h': %s, 'lb': -2, 'ub': 2}, 'retain': false, 'solver': 'ortools-glop'}"
                .formatted(c, G, h)
                .replace('\'', '"');
    }

    /** As fast as the service can, with as many clients as keep its threads busy. */
    private static double capacity(double seconds) throws InterruptedException {
        AtomicInteger good = new AtomicInteger();
        long start = System.nanoTime();
        long end = start + (long) (1e9 * seconds);
        List<Thread> clients = new ArrayList<>();
        for (int k = 0; k < 2 * THREADS; k++) {
            clients.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                while (System.nanoTime() - end < 0) {
                                    if (status() == 200) {
                                        good.incrementAndGet();
                                    }
                                }
                            }));
        }
        for (Thread client : clients) {
            client.join();
        }
        return good.get() / (1e-9 * (System.nanoTime() - start));
    }

    private static int status() {
        try {
            return CLIENT.send().status();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** So many requests a second, whatever becomes of those before, and a probe now and then. */
    private static Result storm(double perSecond, double seconds) throws InterruptedException {
        AtomicInteger good = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        Queue<String> lost = new ConcurrentLinkedQueue<>();
        List<Thread> sent = new ArrayList<>();
        List<Double> probes = new ArrayList<>();
        long start = System.nanoTime();
        Thread prober =
                Thread.ofPlatform().start(() -> probe(start + (long) (1e9 * seconds), probes));
        for (int k = 0; k < perSecond * seconds; k++) {
            long due = start + (long) (1e9 * k / perSecond);
            Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
            sent.add(Thread.ofVirtual().start(() -> send(good, refused, lost)));
        }
        for (Thread thread : sent) {
            thread.join();
        }
        double took = 1e-9 * (System.nanoTime() - start);
        prober.join();
        return new Result(good.get() / took, refused.get(), lost, probes);
    }

    private static void send(AtomicInteger good, AtomicInteger refused, Queue<String> lost) {
        try {
            LightClient.Answer answer = CLIENT.send();
            if (answer.status() == 200) {
                good.incrementAndGet();
            } else if (answer.status() == 503 && isReadable(answer)) {
                refused.incrementAndGet();
            } else {
                lost.add(answer.status() + " " + answer.body());
            }
        } catch (IOException | RuntimeException e) {
            lost.add(e.toString());
        }
    }

    /** A refusal says when to come again, in both forms, and why. */
    private static boolean isReadable(LightClient.Answer answer) {
        return Long.parseLong(answer.header("Retry-After")) >= 1
                && Long.parseLong(answer.header("retry-after-ms")) >= 1
                && answer.body().contains("/overloaded\"");
    }

    private static void probe(long end, List<Double> millis) {
        while (System.nanoTime() - end < 0) {
            long start = System.nanoTime();
            Reply reply = HTTP.get("/livez");
            millis.add(reply.status() == 200 ? 1e-6 * (System.nanoTime() - start) : 1e9);
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** A storm, and what can be done in calm weather before and after it: machines have moods. */
    private static Result run(
            double secondsToWarmUp, double secondsOfCapacity, double secondsOfStorm)
            throws InterruptedException {
        // the JVM compiles what refuses, too, and that takes a tenth of the processors
        storm(4 * capacity(secondsOfCapacity), secondsToWarmUp);
        double before = capacity(secondsOfCapacity);
        Result result = storm(4 * before, secondsOfStorm);
        double after = capacity(secondsOfCapacity);
        Result relative =
                new Result(
                        result.goodPerSecond / ((before + after) / 2),
                        result.refused,
                        result.lost,
                        result.probeMillis.stream().sorted().toList());
        System.out.printf(
                "capacity %.1f/s and %.1f/s, goodput between them %.1f/s (%.0f %%), %d refused, %d lost, /livez p99 %.0f ms%n",
                before,
                after,
                result.goodPerSecond,
                100 * relative.goodPerSecond,
                result.refused,
                result.lost.size(),
                relative.p99());
        assertThat(result.lost).isEmpty();
        assertThat(result.refused).isPositive();
        assertThat(result.goodPerSecond).isPositive();
        Ledger.settle(SERVICE);
        return relative;
    }

    @Test
    void everyRequestHasAnAnswerOrAReadableRefusal() throws InterruptedException {
        assertThat(run(1, 1, 3).probeMillis).allMatch(millis -> millis < 1e9);
    }

    @Test
    @Tag("slow")
    void goodputStaysAndProbesAreQuick() throws InterruptedException {
        Result result = run(60, 10, 60);
        assertThat(result.goodPerSecond).as("of capacity").isGreaterThanOrEqualTo(0.85);
        assertThat(result.p99()).as("p99 of /livez in ms").isLessThanOrEqualTo(200);
    }
}
