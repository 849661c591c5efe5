package io.argmind.dispatch;

import io.argmind.lpgd.BackwardStatus;
import io.argmind.lpgd.Gradients;
import io.argmind.lpgd.linear.LinearGradients;
import io.argmind.problem.Programs;
import io.argmind.problem.discrete.DiscretePrograms;
import io.argmind.solution.Solution;
import io.argmind.solution.discrete.DiscreteSolution;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What the service counts about its work; tags have few values. */
public final class ServiceMeters {
    /** Buckets of 1, 2 and 5 in every decade, so that percentiles between them mean something. */
    private static final Duration[] OBJECTIVES =
            LongStream.of(1, 10, 100, 1_000, 10_000, 100_000)
                    .flatMap(decade -> LongStream.of(decade, 2 * decade, 5 * decade))
                    .mapToObj(Duration::ofMillis)
                    .toArray(Duration[]::new);

    private final MeterRegistry registry;

    /** What became of a request. */
    public enum Outcome {
        /** It has its answer. */
        ANSWERED,
        /** It was told what is wrong with it, or to come again later. */
        REFUSED,
        /** The service failed. */
        FAILED,
        /** The client was gone before its request or its answer was through. */
        CANCELLED
    }

    public ServiceMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * A request has come. Each is {@link #ended} once, so that at rest both counters are the same.
     */
    public void received(String endpoint) {
        registry.counter("argmind.requests.received", "endpoint", endpoint).increment();
        for (Outcome outcome : Outcome.values()) { // so that those that never happen show as 0
            ended(endpoint, outcome).increment(0);
        }
    }

    /** What became of it. */
    public Counter ended(String endpoint, Outcome outcome) {
        return registry.counter(
                "argmind.requests.ended",
                "endpoint",
                endpoint,
                "outcome",
                outcome.name().toLowerCase(Locale.ROOT));
    }

    /** The time that one phase of a request took. */
    public void phase(String endpoint, String phase, long nanos) {
        Timer.builder("argmind.request.phase")
                .tags("endpoint", endpoint, "phase", phase)
                .serviceLevelObjectives(OBJECTIVES)
                .register(registry)
                .record(Duration.ofNanos(nanos));
    }

    /** The two phases between decoding and encoding. */
    void ran(String endpoint, Workers.Done done, double seconds) {
        phase(endpoint, "queue", done.waitedNanos());
        phase(endpoint, "solve", Math.max(0, (long) (1e9 * seconds) - done.waitedNanos()));
    }

    void solved(Programs programs, String solver, List<Solution> solutions, double seconds) {
        String kind = kind(programs);
        batch("solve", kind, programs.size(), nonzeros(programs), solver, seconds);
        DistributionSummary iterations = iterations(kind, solver);
        solutions.forEach(s -> iterations.record((double) s.iterations()));
        count("solve", kind, solver, solutions.stream().map(s -> s.status().key()));
    }

    void differentiated(Programs programs, String solver, Gradients gradients, double seconds) {
        String kind = kind(programs);
        batch("lpgd-backward", kind, programs.size(), nonzeros(programs), solver, seconds);
        backward(kind, solver, gradients.status(), gradients.iterations(), gradients.tau());
    }

    void solved(
            DiscretePrograms programs,
            String solver,
            List<DiscreteSolution> solutions,
            double seconds) {
        String kind = programs.set().kind().key();
        batch("solve", kind, programs.size(), programs.n(), solver, seconds);
        solved(kind, solver, solutions);
    }

    void solvedWithNoise(
            Programs programs, String solver, List<DiscreteSolution> solutions, double seconds) {
        String kind = kind(programs);
        batch("solve", kind, programs.size(), nonzeros(programs), solver, seconds);
        solved(kind, solver, solutions);
    }

    private void solved(String kind, String solver, List<DiscreteSolution> solutions) {
        DistributionSummary iterations = iterations(kind, solver);
        solutions.forEach(s -> iterations.record((double) s.iterations()));
        count("solve", kind, solver, solutions.stream().map(s -> s.status().key()));
    }

    void differentiatedWithNoise(Programs programs, DiscreteService.BackwardAnswer answer) {
        differentiated(kind(programs), programs.size(), nonzeros(programs), answer);
    }

    void differentiated(DiscretePrograms programs, DiscreteService.BackwardAnswer answer) {
        differentiated(programs.set().kind().key(), programs.size(), programs.n(), answer);
    }

    private void differentiated(
            String kind, int size, double entries, DiscreteService.BackwardAnswer answer) {
        LinearGradients gradients = answer.gradients();
        batch("lpgd-backward", kind, size, entries, answer.solver(), answer.seconds());
        backward(
                kind, answer.solver(), gradients.status(), gradients.iterations(), gradients.tau());
    }

    private void backward(
            String kind,
            String solver,
            List<BackwardStatus> status,
            long[] iterations,
            double[] tau) {
        DistributionSummary counts = iterations(kind, solver);
        DistributionSummary strengths =
                DistributionSummary.builder("argmind.backward.tau")
                        .tag("kind", kind)
                        .register(registry);
        for (int i = 0; i < status.size(); i++) {
            counts.record((double) iterations[i]);
            if (status.get(i).hasGradient() && tau[i] > 0) {
                strengths.record(tau[i]);
            }
        }
        count("lpgd-backward", kind, solver, status.stream().map(BackwardStatus::key));
    }

    private static double nonzeros(Programs programs) {
        return (double) programs.P().pattern().nnz()
                + programs.A().pattern().nnz()
                + programs.G().pattern().nnz();
    }

    private static String kind(Programs programs) {
        return programs.problemClass().name().toLowerCase(Locale.ROOT);
    }

    private void batch(
            String endpoint,
            String kind,
            int size,
            double nonzeros,
            String solver,
            double seconds) {
        DistributionSummary.builder("argmind.batch.size")
                .tags("endpoint", endpoint, "kind", kind)
                .register(registry)
                .record(size);
        DistributionSummary.builder("argmind.problem.nonzeros")
                .tags("endpoint", endpoint, "kind", kind)
                .register(registry)
                .record(nonzeros);
        Timer.builder("argmind.solve.time")
                .tags("endpoint", endpoint, "kind", kind, "backend", solver)
                .serviceLevelObjectives(OBJECTIVES)
                .register(registry)
                .record(Duration.ofNanos((long) (1e9 * seconds)));
    }

    private DistributionSummary iterations(String kind, String solver) {
        return DistributionSummary.builder("argmind.solve.iterations")
                .tags("kind", kind, "backend", solver)
                .register(registry);
    }

    /** Adds up first: a meter is looked up by its tags. */
    private void count(String endpoint, String kind, String solver, Stream<String> status) {
        status.collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
                .forEach((key, times) ->
                        registry.counter(
                                        "argmind.instances",
                                        "endpoint",
                                        endpoint,
                                        "kind",
                                        kind,
                                        "backend",
                                        solver,
                                        "status",
                                        key)
                                .increment(times));
    }
}
