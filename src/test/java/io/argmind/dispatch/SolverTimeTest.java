package io.argmind.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.dispatch.Quotas.Quota;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A quota of 30 s in a minute is half a thread for ever, and 30 s at once. */
class SolverTimeTest {
    private static final Tenant NAMED = new Tenant("named");
    private static final Tenant OTHER = new Tenant("somebody");

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final Quotas quotas =
            new Quotas(new Quota(0, 30, 1), Map.of("named", new Quota(0, 0, 1)));
    private long now;
    private final SolverTime time = new SolverTime(quotas, () -> now, meters);

    @Test
    void whatIsOverdrawnIsWaitedFor() {
        assertThat(time.wait(OTHER)).isZero();
        time.use(OTHER, 29);
        assertThat(time.wait(OTHER)).isZero();
        time.use(OTHER, 11);
        assertThat(time.wait(OTHER)).isEqualTo(20);
        now += 10_000_000_000L;
        assertThat(time.wait(OTHER)).isEqualTo(10);
        now += 10_100_000_000L;
        assertThat(time.wait(OTHER)).isZero();
    }

    @Test
    void nothingIsSavedBeyondTheQuota() {
        time.use(OTHER, 1);
        now += 3_600_000_000_000L;
        assertThat(time.wait(OTHER)).isZero();
        time.use(OTHER, 31);
        assertThat(time.wait(OTHER)).isEqualTo(2);
    }

    @Test
    void withoutQuotaNothingIsLimitedAndAllIsCounted() {
        time.use(NAMED, 1e6);
        time.use(OTHER, 2);
        time.use(new Tenant("another"), 3);
        assertThat(time.wait(NAMED)).isZero();
        assertThat(seconds("named")).isEqualTo(1e6);
        assertThat(seconds("other")).as("tenants that are not named").isEqualTo(5);
    }

    private double seconds(String tenant) {
        return meters.counter("argmind.tenant.solver.seconds", "tenant", tenant).count();
    }
}
