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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The door lets in what has room, counts what it refuses, and never loses a place. */
class AdmissionTest {
    private static final double PATIENT = 1000;
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
