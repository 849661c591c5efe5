package io.argmind.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.argmind.dispatch.OverloadedException.Reason;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The door lets in what has room, counts what it refuses, and never loses a place. */
class AdmissionTest {
    private static final double PATIENT = 1000;
    private static final double HASTY = 0.01;
    private static final long BYTES = 1000;

    private final MeterRegistry meters = new SimpleMeterRegistry();

    private Quotas quotas = Quotas.NONE;
    private long nanos;

    private Admission admission(int threads, int requests, int perClient) {
        Duration minute = Duration.ofMinutes(1);
        return new Admission(
                new DispatchSettings(
                        threads,
                        requests,
                        perClient,
                        BYTES,
                        BYTES,
                        Duration.ofSeconds(10),
                        minute,
                        minute,
                        64,
                        BYTES,
                        minute,
                        BYTES,
                        minute),
                quotas,
                new SolverTime(quotas, () -> nanos, meters),
                meters);
    }

    private static Reason refusal(Admission admission, String client, long bytes, double timeout) {
        try {
            admission.admit(Tenant.ANYONE, client, bytes, timeout).close();
            throw new AssertionError("admitted");
        } catch (OverloadedException e) {
            assertThat(e.retryAfterSeconds()).isBetween(0.25, 15.0);
            return e.reason();
        }
    }

    private double rejected(Reason reason) {
        String name = reason.name().toLowerCase(Locale.ROOT);
        return meters.counter("argmind.request.rejected", "reason", name).count();
    }

    private double bytesHeld() {
        return meters.get("argmind.admission.bytes").gauge().value();
    }

    @Test
    void requestsAreBounded() {
        Admission admission = admission(2, 3, 0);
        List<Admission.Ticket> held = new ArrayList<>();
        for (int k = 0; k < 3; k++) {
            held.add(admission.admit(Tenant.ANYONE, "a", 10, PATIENT));
        }
        assertThat(refusal(admission, "a", 10, PATIENT)).isEqualTo(Reason.QUEUE_FULL);
        assertThat(rejected(Reason.QUEUE_FULL)).isEqualTo(1);
        held.getFirst().close();
        held.getFirst().close(); // a second time gives nothing back
        assertThat(admission.inFlight()).isEqualTo(2);
        admission.admit(Tenant.ANYONE, "a", 10, PATIENT).close();
        held.forEach(Admission.Ticket::close);
        assertThat(admission.inFlight()).isZero();
    }

    @Test
    void bytesAreBoundedButOneRequestAlwaysFits() {
        Admission admission = admission(2, 9, 0);
        Admission.Ticket huge = admission.admit(Tenant.ANYONE, "a", 5 * BYTES, PATIENT);
        assertThat(refusal(admission, "a", 1, PATIENT)).isEqualTo(Reason.MEMORY);
        huge.close();
        admission.admit(Tenant.ANYONE, "a", BYTES, PATIENT).close();
        assertThat(bytesHeld()).isZero();
    }

    /** What a request takes turns out while it is read and built; the door goes by that. */
    @Test
    void bytesFollowWhatRequestsTake() {
        Admission admission = admission(2, 9, 0);
        Admission.Ticket first = admission.admit(Tenant.ANYONE, "a", 600, HASTY);
        assertThat(refusal(admission, "a", 600, PATIENT)).isEqualTo(Reason.MEMORY);
        first.hold(300);
        assertThat(first.held()).isEqualTo(300);
        Admission.Ticket second = admission.admit(Tenant.ANYONE, "a", 600, HASTY);
        assertThat(bytesHeld()).isEqualTo(900);
        assertThatExceptionOfType(OverloadedException.class)
                .isThrownBy(() -> first.hold(401))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.MEMORY));
        assertThatExceptionOfType(OverloadedException.class).isThrownBy(() -> second.take(101));
        assertThat(bytesHeld()).as("what is refused is not taken").isEqualTo(900);
        second.take(100);
        assertThat(bytesHeld()).isEqualTo(BYTES);
        first.close();
        second.hold(5 * BYTES); // alone
        second.close();
        first.hold(17);
        second.take(17);
        assertThat(bytesHeld()).as("who has left holds nothing").isZero();
        assertThat(rejected(Reason.MEMORY)).isEqualTo(3);
        assertThat(meters.get("argmind.admission.bytes.max").gauge().value()).isEqualTo(BYTES);
    }

    /** A thread that has more held, or waits until it can. */
    private static final class Holder {
        private final CompletableFuture<@Nullable RuntimeException> end = new CompletableFuture<>();
        private final Thread thread;

        Holder(Admission.Ticket ticket, long bytes) {
            thread =
                    new Thread(() -> {
                        RuntimeException thrown = null;
                        try {
                            ticket.hold(bytes);
                        } catch (RuntimeException e) {
                            thrown = e;
                        }
                        end.complete(thrown);
                    });
            thread.start();
        }

        void awaitWaiting() {
            while (thread.getState() != Thread.State.TIMED_WAITING) {
                assertThat(end).isNotDone();
                Thread.onSpinWait();
            }
        }

        @Nullable RuntimeException end() throws Exception {
            return end.get(20, TimeUnit.SECONDS);
        }
    }

    /** It has what it waits for as soon as another one leaves or needs less. */
    @Test
    void oneMayWaitForMore() throws Exception {
        Admission admission = admission(2, 9, 0);
        Admission.Ticket first = admission.admit(Tenant.ANYONE, "a", 400, PATIENT);
        Admission.Ticket second = admission.admit(Tenant.ANYONE, "a", 400, PATIENT);
        Holder waiting = new Holder(second, 700);
        waiting.awaitWaiting();
        assertThat(second.held()).isEqualTo(400);
        admission.admit(Tenant.ANYONE, "a", 200, PATIENT).close();
        first.hold(300);
        assertThat(waiting.end()).isNull();
        assertThat(bytesHeld()).isEqualTo(BYTES);
        Holder again = new Holder(second, 900);
        again.awaitWaiting();
        first.close();
        assertThat(again.end()).isNull();
        assertThat(bytesHeld()).isEqualTo(900);
        second.close();
        assertThat(bytesHeld()).isZero();
    }

    /** Two that wait would wait for each other: the older one stays, whoever was first. */
    @Test
    void theOlderOneWaitsAndTheYoungerOneDoesNot() throws Exception {
        Admission admission = admission(2, 9, 0);
        Admission.Ticket old = admission.admit(Tenant.ANYONE, "a", 400, PATIENT);
        Admission.Ticket young = admission.admit(Tenant.ANYONE, "a", 400, PATIENT);
        Holder second = new Holder(young, 700);
        second.awaitWaiting();
        Holder first = new Holder(old, 700);
        assertThat(second.end()).isInstanceOf(OverloadedException.class);
        first.awaitWaiting();
        assertThatExceptionOfType(OverloadedException.class).isThrownBy(() -> young.hold(601));
        young.close();
        assertThat(first.end()).isNull();
        assertThat(bytesHeld()).isEqualTo(700);
        old.close();
        assertThat(bytesHeld()).isZero();
    }

    /** The client has gone: its thread is interrupted. */
    @Test
    void whoIsInterruptedWaitsNoLonger() throws Exception {
        Admission admission = admission(2, 9, 0);
        Admission.Ticket first = admission.admit(Tenant.ANYONE, "a", 400, PATIENT);
        Admission.Ticket second = admission.admit(Tenant.ANYONE, "a", 400, PATIENT);
        Holder waiting = new Holder(first, 700);
        waiting.awaitWaiting();
        waiting.thread.interrupt();
        assertThat(waiting.end()).isInstanceOf(CancelledException.class);
        Holder next = new Holder(second, 700); // the place in line is free again
        next.awaitWaiting();
        first.close();
        assertThat(next.end()).isNull();
        second.close();
        assertThat(bytesHeld()).isZero();
    }

    /** More than all there is will not be there later either. */
    @Test
    void whatNeverFitsIsSaidToBeTooLarge() {
        Admission admission = admission(2, 9, 0);
        try (Admission.Ticket ticket = admission.admit(Tenant.ANYONE, "a", 1, PATIENT)) {
            ticket.take(BYTES);
            assertThatExceptionOfType(TooLargeException.class)
                    .isThrownBy(() -> ticket.take(BYTES + 1))
                    .withMessageContaining("about 1001 bytes")
                    .withMessageContaining("more than the 1000");
            assertThat(bytesHeld()).isEqualTo(BYTES + 1);
        }
        assertThat(bytesHeld()).isZero();
    }

    /** The part of a tenant counts what its requests have come to. */
    @Test
    void tenantsGrowFairly() {
        Admission admission = admission(2, 9, 0);
        Admission.Ticket red = admission.admit(new Tenant("red"), "a", 100, HASTY);
        Admission.Ticket blue = admission.admit(new Tenant("blue"), "b", 100, HASTY);
        red.hold(675); // three times the 225 that are left
        assertThatExceptionOfType(OverloadedException.class).isThrownBy(() -> red.hold(676));
        blue.hold(168);
        assertThatExceptionOfType(OverloadedException.class).isThrownBy(() -> blue.hold(244));
        red.close();
        blue.hold(BYTES);
        blue.close();
        assertThat(bytesHeld()).isZero();
    }

    @Test
    void whoWouldWaitTooLongIsToldSo() {
        Admission admission = admission(1, 9, 0);
        Admission.Ticket first = admission.admit(Tenant.ANYONE, "a", 1, PATIENT);
        assertThat(refusal(admission, "a", 1, 1e-3)).isEqualTo(Reason.WAIT);
        first.close();
        assertThat(admission.inFlight()).isZero();
    }

    @Test
    void quotasArePerClient() {
        Admission admission = admission(4, 9, 1);
        Admission.Ticket first = admission.admit(Tenant.ANYONE, "a", 1, PATIENT);
        assertThat(refusal(admission, "a", 1, PATIENT)).isEqualTo(Reason.QUOTA);
        admission.admit(Tenant.ANYONE, "b", 1, PATIENT).close();
        first.close();
        admission.admit(Tenant.ANYONE, "a", 1, PATIENT).close();
    }

    @Test
    void afterTheDrainNobodyGetsIn() {
        Admission admission = admission(4, 9, 0);
        admission.sayGoodbye();
        assertThat(admission.isLeaving()).isTrue();
        admission.admit(Tenant.ANYONE, "a", 1, PATIENT).close();
        admission.drain();
        assertThatExceptionOfType(OverloadedException.class)
                .isThrownBy(() -> admission.admit(Tenant.ANYONE, "a", 1, PATIENT))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.DRAINING));
    }

    /** Counts who is inside, and how many at most were. */
    private static final class Crowd {
        private final AtomicInteger now = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        void enter() {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
        }

        void leave() {
            now.decrementAndGet();
        }
    }

    /** Many threads come and go: the bounds hold at every moment, and nothing is left over. */
    @Test
    void boundsHoldUnderContention() throws Exception {
        Admission admission = admission(4, 8, 3);
        Crowd all = new Crowd();
        Crowd[] ofClient = {new Crowd(), new Crowd(), new Crowd(), new Crowd()};
        AtomicInteger refused = new AtomicInteger();
        AtomicInteger admitted = new AtomicInteger();
        int rounds = 2000;
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < 16; t++) {
                int client = t % 4;
                running.add(
                        threads.submit(() -> {
                            for (int k = 0; k < rounds; k++) {
                                if (visit(admission, "client" + client, all, ofClient[client])) {
                                    admitted.incrementAndGet();
                                } else {
                                    refused.incrementAndGet();
                                }
                            }
                        }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
        assertThat(admitted.get() + refused.get()).isEqualTo(16 * rounds);
        double counted = 0;
        for (Reason reason : Reason.values()) {
            counted += rejected(reason);
        }
        assertThat(counted).isEqualTo(refused.get());
        assertThat(all.most.get()).isLessThanOrEqualTo(8);
        assertThat(ofClient).allMatch(crowd -> crowd.most.get() <= 3);
        assertThat(admission.inFlight()).isZero();
        assertThat(bytesHeld()).isZero();
    }

    private static boolean visit(Admission admission, String client, Crowd all, Crowd ofClient) {
        Admission.Ticket ticket;
        try {
            ticket = admission.admit(Tenant.ANYONE, client, 7, PATIENT);
        } catch (OverloadedException e) {
            return false;
        }
        all.enter();
        ofClient.enter();
        Thread.onSpinWait();
        ofClient.leave();
        all.leave();
        ticket.close();
        return true;
    }
}
