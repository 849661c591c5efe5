package io.argmind.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.argmind.dispatch.OverloadedException.Reason;
import io.argmind.dispatch.Quotas.Quota;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whom {@link Admission} lets in beside whom. */
class TenantsAtTheDoorTest {
    private static final Tenant FLOOD = new Tenant("flood");
    private static final Tenant MODEST = new Tenant("modest");
    private static final Tenant LIMITED = new Tenant("limited");
    private static final double PATIENT = 1000;
    private static final long BYTES = 1000;

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final Quotas quotas =
            new Quotas(
                    new Quota(0, 0, 1),
                    Map.of("limited", new Quota(2, 10, 1), "flood", new Quota(0, 0, 1)));
    private final SolverTime time = new SolverTime(quotas, () -> 0, meters);
    private final Admission admission = admission();

    private Admission admission() {
        Duration minute = Duration.ofMinutes(1);
        Duration hour = Duration.ofHours(1);
        return new Admission(
                new DispatchSettings(
                        2, 8, 0, BYTES, BYTES, hour, minute, minute, 64, BYTES, minute, BYTES,
                        minute),
                quotas,
                time,
                meters);
    }

    private List<Admission.Ticket> fill(Tenant tenant, long bytes) {
        List<Admission.Ticket> all = new ArrayList<>();
        try {
            while (true) {
                all.add(admission.admit(tenant, "address", bytes, PATIENT));
            }
        } catch (OverloadedException e) {
            return all;
        }
    }

    private OverloadedException refusal(Tenant tenant) {
        try {
            admission.admit(tenant, "address", 1, PATIENT).close();
            throw new AssertionError("admitted");
        } catch (OverloadedException e) {
            return e;
        }
    }

    @Test
    void whoHasLessThanItsPartGetsInWhereOthersHaveFilledAll() {
        assertThat(fill(FLOOD, 1)).hasSize(8);
        assertThat(refusal(FLOOD).reason()).isEqualTo(Reason.QUEUE_FULL);
        assertThat(fill(MODEST, 1)).hasSize(4);
        assertThat(fill(new Tenant("third"), 1)).hasSize(2);
        assertThat(fill(new Tenant("fourth"), 1)).hasSize(2);
        assertThat(admission.inFlight()).as("never more than twice the places").isEqualTo(16);
        assertThat(refusal(new Tenant("fifth")).reason()).isEqualTo(Reason.QUEUE_FULL);
    }

    /** And when places become free, it is not the flood that gets more than its part of them. */
    @Test
    void freePlacesAreShared() {
        List<Admission.Ticket> flood = fill(FLOOD, 1);
        List<Admission.Ticket> modest = fill(MODEST, 1);
        flood.subList(0, 5).forEach(Admission.Ticket::close);
        assertThat(fill(FLOOD, 1)).as("to four").hasSize(1);
        modest.forEach(Admission.Ticket::close);
        assertThat(fill(FLOOD, 1)).as("alone, to all").hasSize(4);
    }

    @Test
    void someBytesAreLeftForThoseWhoCome() {
        assertThat(fill(FLOOD, 100)).as("three quarters of 1000").hasSize(7);
        assertThat(admission.admit(MODEST, "address", 200, PATIENT)).isNotNull();
        assertThat(refusal(MODEST, 100)).isEqualTo(Reason.MEMORY);
    }

    private Reason refusal(Tenant tenant, long bytes) {
        try {
            admission.admit(tenant, "address", bytes, PATIENT).close();
            throw new AssertionError("admitted");
        } catch (OverloadedException e) {
            return e.reason();
        }
    }

    @Test
    void aQuotaOfRequestsIsNamed() {
        List<Admission.Ticket> held = fill(LIMITED, 1);
        assertThat(held).hasSize(2);
        OverloadedException refusal = refusal(LIMITED);
        assertThat(refusal.reason()).isEqualTo(Reason.QUOTA);
        assertThat(refusal).hasMessageContaining("2 requests in flight");
        assertThat(refused("requests")).isEqualTo(2);
        assertThat(meters.get("argmind.tenant.requests").tag("tenant", "limited").gauge().value())
                .isEqualTo(2);
        held.getFirst().close();
        admission.admit(LIMITED, "address", 1, PATIENT).close();
    }

    @Test
    void aQuotaOfSolverTimeIsNamedAndSaysWhenToComeAgain() {
        time.use(LIMITED, 12);
        assertThatExceptionOfType(OverloadedException.class)
                .isThrownBy(() -> admission.admit(LIMITED, "address", 1, PATIENT))
                .withMessageContaining("10.0 solver seconds in a minute")
                .satisfies(e -> assertThat(e.retryAfterSeconds()).isEqualTo(12))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.QUOTA));
        assertThat(refused("solver-seconds")).isEqualTo(1);
        admission.admit(MODEST, "address", 1, PATIENT).close();
    }

    private double refused(String quota) {
        return meters.counter("argmind.tenant.refused", "tenant", "limited", "quota", quota)
                .count();
    }
}
