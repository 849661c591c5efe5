package io.argmind.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class WorkingMemoryTest {
    private final WorkingMemory memory = new WorkingMemory(100);
    private final WorkingMemory.Share first = memory.open(() -> false);

    @Test
    void whatIsGivenBackCanBeTakenAgain() {
        first.take(20);
        first.take(40);
        try (WorkingMemory.Share second = memory.open(() -> true)) {
            second.take(40);
            assertThat(memory.used()).isEqualTo(100);
            first.close();
            first.close();
            assertThat(memory.used()).as("closing twice gives back once").isEqualTo(40);
            second.take(60);
        }
        assertThat(memory.used()).isZero();
    }

    @Test
    void moreThanThereIsIsRefusedAtOnce() {
        assertThatThrownBy(() -> first.take(101))
                .isInstanceOf(NotEnoughMemoryException.class)
                .hasMessageContaining("101 bytes to work in, more than the 100");
        assertThatThrownBy(() -> first.take(Long.MAX_VALUE))
                .isInstanceOf(NotEnoughMemoryException.class);
        assertThat(memory.used()).isZero();
    }

    @Test
    void othersAreWaitedFor() throws Exception {
        first.take(60);
        AtomicBoolean asked = new AtomicBoolean();
        WorkingMemory.Share second =
                memory.open(() -> {
                    asked.set(true);
                    return false;
                });
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> second.take(60));
        while (!asked.get()) {
            Thread.onSpinWait();
        }
        assertThat(waiting).isNotDone();
        assertThat(memory.used()).isEqualTo(60);
        first.close();
        waiting.get(20, TimeUnit.SECONDS);
        assertThat(memory.used()).isEqualTo(60);
        second.close();
        assertThat(memory.used()).isZero();
    }

    @Test
    void theWaitCanBeEnded() {
        first.take(60);
        WorkingMemory.Share late = memory.open(() -> true);
        assertThatThrownBy(() -> late.take(60)).isInstanceOf(StoppedException.class);
        Thread.currentThread().interrupt();
        WorkingMemory.Share interrupted = memory.open(() -> false);
        assertThatThrownBy(() -> interrupted.take(60)).isInstanceOf(StoppedException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(memory.used()).isEqualTo(60);
        first.take(40); // nobody stands in line any more
    }

    /** Many small ones would never leave room for a large one. */
    @Test
    void thoseWhoAskedFirstAreFirst() throws Exception {
        first.take(60);
        AtomicBoolean asked = new AtomicBoolean();
        WorkingMemory.Share large =
                memory.open(() -> {
                    asked.set(true);
                    return false;
                });
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> large.take(90));
        while (!asked.get()) {
            Thread.onSpinWait();
        }
        WorkingMemory.Share small = memory.open(() -> true);
        assertThatThrownBy(() -> small.take(10))
                .as("there would be room for it")
                .isInstanceOf(StoppedException.class);
        first.close();
        waiting.get(20, TimeUnit.SECONDS);
        small.take(10);
        assertThat(memory.used()).isEqualTo(100);
    }
}
