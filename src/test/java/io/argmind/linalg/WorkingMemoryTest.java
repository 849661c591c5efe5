package io.argmind.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class WorkingMemoryTest {
    private final WorkingMemory memory = new WorkingMemory(100);

    @Test
    void whatIsGivenBackCanBeTakenAgain() {
        WorkingMemory.Share first = memory.take(60, () -> false);
        WorkingMemory.Share second = memory.take(40, () -> false);
        assertThat(memory.used()).isEqualTo(100);
        first.close();
        first.close();
        assertThat(memory.used()).as("closing twice gives back once").isEqualTo(40);
        second.close();
        memory.take(100, () -> false).close();
        assertThat(memory.used()).isZero();
    }

    @Test
    void moreThanThereIsIsRefusedAtOnce() {
        assertThatThrownBy(() -> memory.take(101, () -> false))
                .isInstanceOf(NotEnoughMemoryException.class)
                .hasMessageContaining("101 bytes, more than the 100");
        assertThat(memory.used()).isZero();
    }

    @Test
    void othersAreWaitedFor() throws Exception {
        WorkingMemory.Share first = memory.take(60, () -> false);
        AtomicBoolean asked = new AtomicBoolean();
        CompletableFuture<WorkingMemory.Share> second =
                CompletableFuture.supplyAsync(() ->
                        memory.take(
                                60,
                                () -> {
                                    asked.set(true);
                                    return false;
                                }));
        while (!asked.get()) {
            Thread.onSpinWait();
        }
        assertThat(second).isNotDone();
        first.close();
        second.get(20, TimeUnit.SECONDS).close();
        assertThat(memory.used()).isZero();
    }

    @Test
    void theWaitCanBeEnded() {
        WorkingMemory.Share first = memory.take(60, () -> false);
        assertThatThrownBy(() -> memory.take(60, () -> true))
                .isInstanceOf(NotEnoughMemoryException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> memory.take(60, () -> false))
                .isInstanceOf(NotEnoughMemoryException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(memory.used()).isEqualTo(60);
        first.close();
    }
}
