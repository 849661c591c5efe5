package io.argmind.dispatch;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.StringGen;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What several threads see of a cache is what one thread could have seen: every result of two or
 * three threads is explained by some order of their calls (Lincheck).
 */
@Tag("agent")
@Param(name = "key", gen = StringGen.class, conf = "1:ab")
@Param(name = "value", gen = StringGen.class, conf = "3:xy")
public class CachesUnderThreadsTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    /** Room for two or three values: puts evict. */
    private final RecentlyUsed<String> kept =
            new RecentlyUsed<>("test", 6, Duration.ofHours(1), String::length, meters);

    @Operation
    public void put(@Param(name = "key") String key, @Param(name = "value") String value) {
        kept.put(Tenant.ANYONE, key, value);
    }

    @Operation
    public @Nullable String get(@Param(name = "key") String key) {
        return kept.get(Tenant.ANYONE, key);
    }

    @Operation
    public void spend(@Param(name = "key") String key) {
        kept.spend(Tenant.ANYONE, key);
    }

    @Operation
    public double bytes() {
        return meters.get("cache.bytes").gauge().value();
    }

    @Test
    void underStress() {
        new StressOptions()
                .threads(3)
                .actorsPerThread(3)
                .iterations(10)
                .invocationsPerIteration(500)
                .check(getClass());
    }

    @Test
    void inEveryInterleaving() {
        new ModelCheckingOptions()
                .threads(2)
                .actorsPerThread(3)
                .iterations(8)
                .invocationsPerIteration(200)
                .check(getClass());
    }
}
