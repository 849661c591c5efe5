package io.argmind.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who comes next, in simulated time: nothing here depends on how fast this machine is. */
class FairQueueTest {
    private static final Tenant FLOOD = new Tenant("flood");
    private static final Tenant MODEST = new Tenant("modest");

    private long now;
    private final Map<Tenant, Double> weights = new HashMap<>();
    private final FairQueue queue =
            new FairQueue(tenant -> weights.getOrDefault(tenant, 1.0), () -> now);

    /** Work that takes so long, of a client that sends the next as soon as this one is done. */
    private record Job(Tenant tenant, double seconds, double thinks) {}

    /** Something that happens then. */
    private record Event(long at, Runnable what) {}

    /**
     * Lets clients work in closed loops on so many solver threads, until a moment.
     *
     * @return how many jobs of each client were finished
     */
    private int[] finished(int threads, double until, List<Job> clients) {
        return new Simulation(threads, clients).run(nanos(until));
    }

    private final class Simulation {
        private final List<Job> clients;
        private final int[] counts;
        private final PriorityQueue<Event> events =
                new PriorityQueue<>(Comparator.comparingLong(Event::at));
        private int free;

        Simulation(int threads, List<Job> clients) {
            this.free = threads;
            this.clients = clients;
            this.counts = new int[clients.size()];
            for (int k = 0; k < counts.length; k++) {
                sendAt(now, k);
            }
        }

        private void sendAt(long at, int client) {
            events.add(new Event(at, () -> queue.add(clients.get(client).tenant, client)));
        }

        private void end(FairQueue.Turn turn) {
            queue.end(turn);
            free++;
            int client = (int) turn.task();
            counts[client]++;
            sendAt(now + nanos(clients.get(client).thinks), client);
        }

        int[] run(long until) {
            for (Event event = events.remove(); event.at < until; event = events.remove()) {
                now = event.at;
                event.what.run();
                while (free > 0 && queue.size() > 0) {
                    FairQueue.Turn turn = Objects.requireNonNull(queue.next());
                    free--;
                    double takes = clients.get((int) turn.task()).seconds;
                    events.add(new Event(now + nanos(takes), () -> end(turn)));
                }
            }
            return counts;
        }
    }

    private static long nanos(double seconds) {
        return Math.round(1e9 * seconds);
    }

    /** The fairness index of Jain, Chiu and Hawe (1984): 1 if all are equal, 1/n if one has all. */
    private static double jain(double[] shares) {
        double sum = Arrays.stream(shares).sum();
        double squares = Arrays.stream(shares).map(s -> s * s).sum();
        return sum * sum / (shares.length * squares);
    }

    @Test
    void aTenantsWorkIsDoneAsItCame() {
        for (int k = 0; k < 5; k++) {
            queue.add(MODEST, k);
        }
        List<Object> order = new ArrayList<>();
        for (FairQueue.Turn turn = queue.next(); turn != null; turn = queue.next()) {
            order.add(turn.task());
        }
        assertThat(order).containsExactly(0, 1, 2, 3, 4);
        assertThat(queue.size()).isZero();
    }

    /**
     * One client beside 64 of another tenant, with pieces of a tenth of its job's length: it has at
     * least 80 % of what it would have alone, as far as that is not more than its half.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void aModestTenantKeepsItsThroughputBesideAFlood(int threads) {
        List<Job> alone = List.of(new Job(MODEST, 1, 1));
        double unloaded = new FairQueueTest().finished(threads, 1000, alone)[0];
        List<Job> all = new ArrayList<>(alone);
        for (int k = 0; k < 64; k++) {
            all.add(new Job(FLOOD, 0.1, 0));
        }
        int[] counts = finished(threads, 1000, all);
        double fair = 0.5 * threads * 1000;
        assertThat((double) counts[0]).isGreaterThanOrEqualTo(0.8 * Math.min(unloaded, fair));
        double used = counts[0] + 0.1 * Arrays.stream(counts).skip(1).sum();
        assertThat(used).as("nobody idles").isGreaterThan(0.98 * threads * 1000);
    }

    /** First come, first served would give the flood 64 of 65 parts: the test above can fail. */
    @Test
    void withoutTenantsTheFloodHasItAll() {
        List<Job> all = new ArrayList<>();
        all.add(new Job(FLOOD, 1, 1));
        for (int k = 0; k < 64; k++) {
            all.add(new Job(FLOOD, 1, 0));
        }
        assertThat(finished(1, 1000, all)[0]).isLessThan(20);
    }

    /** Eight tenants with jobs from 10 ms to 1.3 s have equal times, not equal numbers of jobs. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void equalTenantsHaveEqualTimes(int threads) {
        SplittableRandom random = new SplittableRandom(3);
        List<Job> all = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            for (int k = 0; k < 2 + 3 * t; k++) {
                double seconds = 0.01 * (1 << t) * random.nextDouble(0.5, 1.5);
                all.add(new Job(new Tenant("t" + t), seconds, 0));
            }
        }
        int[] counts = finished(threads, 1000, all);
        double[] times = new double[8];
        for (int k = 0; k < counts.length; k++) {
            Job job = all.get(k);
            times[job.tenant.name().charAt(1) - '0'] += counts[k] * job.seconds;
        }
        assertThat(jain(times)).as(Arrays.toString(times)).isGreaterThan(0.99);
    }

    @Test
    void weightsAreShares() {
        weights.put(FLOOD, 3.0);
        List<Job> all = new ArrayList<>();
        for (int k = 0; k < 4; k++) {
            all.add(new Job(FLOOD, 0.2, 0));
            all.add(new Job(MODEST, 0.3, 0));
        }
        int[] counts = finished(2, 1000, all);
        double flood = 0;
        double modest = 0;
        for (int k = 0; k < 8; k += 2) {
            flood += 0.2 * counts[k];
            modest += 0.3 * counts[k + 1];
        }
        assertThat(flood / modest).isBetween(2.9, 3.1);
    }

    /** An hour away is no claim to an hour alone. */
    @Test
    void whoWasAwayHasSavedNothing() {
        List<Job> both = List.of(new Job(FLOOD, 1, 0), new Job(MODEST, 1, 0));
        finished(1, 3600, both.subList(0, 1));
        int[] counts = finished(1, 3700, both);
        assertThat(counts[1]).isBetween(45, 55);
    }

    @Test
    void whatRunsLongMakesPlaceForWhoHasHadLess() {
        queue.add(FLOOD, "long");
        FairQueue.Turn turn = Objects.requireNonNull(queue.next());
        now = nanos(0.05);
        queue.add(MODEST, "short");
        assertThat(queue.hasOneBefore(turn)).as("not yet").isFalse();
        now = nanos(0.2);
        assertThat(queue.hasOneBefore(turn)).isTrue();
        assertThat(queue.end(turn)).isEqualTo(0.2);
        queue.putBack(FLOOD, "the rest");
        queue.add(FLOOD, "later");
        List<Object> order = new ArrayList<>();
        for (int k = 0; k < 3; k++) {
            FairQueue.Turn next = Objects.requireNonNull(queue.next());
            order.add(next.task());
            now += nanos(0.01);
            queue.end(next);
        }
        assertThat(order).containsExactly("short", "the rest", "later");
    }

    @Test
    void aloneNothingIsInterrupted() {
        queue.add(FLOOD, "long");
        queue.add(FLOOD, "longer");
        FairQueue.Turn turn = Objects.requireNonNull(queue.next());
        now = nanos(100);
        assertThat(queue.hasOneBefore(turn)).isFalse();
    }

    @Test
    void whatIsTakenOutIsNotRun() {
        queue.add(FLOOD, "a");
        queue.add(FLOOD, "b");
        queue.removeAll(FLOOD, List.of("a", "unknown"));
        queue.removeAll(MODEST, List.of("b"));
        assertThat(queue.size()).isEqualTo(1);
        assertThat(Objects.requireNonNull(queue.next()).task()).isEqualTo("b");
        assertThat(queue.next()).isNull();
    }
}
