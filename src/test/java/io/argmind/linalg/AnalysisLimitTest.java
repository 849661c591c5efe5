package io.argmind.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The analysis of a pattern that takes long ends when it is told to, within a bounded amount of
 * work, and leaves nothing.
 */
class AnalysisLimitTest {
    /** Rows that are coupled at random: whatever the order, most of the factor fills. */
    private static final int N = 100_000;

    private static final int EACH = 3;
    private static final int[] START = new int[N + 1];
    private static final int[] ROW = coupled();

    private static int[] coupled() {
        SplittableRandom random = new SplittableRandom(1);
        int[] row = new int[(EACH + 1) * N];
        int at = 0;
        for (int j = 0; j < N; j++) {
            for (int i : random.ints(EACH, 0, j + 1).distinct().toArray()) {
                if (i < j) {
                    row[at++] = i;
                }
            }
            row[at++] = j;
            START[j + 1] = at;
        }
        return Arrays.copyOf(row, at);
    }

    /** Looks, counted; says yes from a certain one on. */
    private static final class Looks implements BooleanSupplier {
        private final int last;
        private int count;

        Looks(int last) {
            this.last = last;
        }

        @Override
        public boolean getAsBoolean() {
            count++;
            return count >= last;
        }
    }

    private static int looks(LdlCache cache, int last) {
        Looks looks = new Looks(last);
        assertThatThrownBy(() -> cache.analysis(N, START, ROW, looks))
                .isInstanceOf(StoppedException.class)
                .hasMessageContaining("analysis");
        return looks.count;
    }

    /** Work is counted in looks, one for every {@link Patience#STEPS} entries gone through. */
    @Test
    void oneThatIsEndedLeavesNothingAndTheNextIsWhole() {
        LdlCache cache = new LdlCache(Long.MAX_VALUE);
        Looks all = new Looks(Integer.MAX_VALUE);
        SymbolicLdl whole = new SymbolicLdl(N, START, ROW, all);
        assertThat(all.count).as("a long one").isGreaterThan(1000);
        for (int last : new int[] {1, 2, all.count / 3}) {
            assertThat(looks(cache, last)).as("no look after that one").isEqualTo(last);
            assertThat(cache.count()).isZero();
        }
        SymbolicLdl made = cache.analysis(N, START, ROW, () -> false);
        assertThat(cache.count()).isOne();
        assertThat(made.order).isEqualTo(whole.order);
        assertThat(made.entries()).isEqualTo(whole.entries());
        BooleanSupplier never =
                () -> {
                    throw new AssertionError("what is kept takes no work");
                };
        assertThat(cache.analysis(N, START, ROW, never)).isSameAs(made);
    }

    /** Somebody else says so, while it runs. */
    @Test
    void anotherThreadCanEndIt() throws Exception {
        LdlCache cache = new LdlCache(Long.MAX_VALUE);
        AtomicBoolean cancelled = new AtomicBoolean();
        AtomicInteger after = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        @Nullable RuntimeException[] thrown = new RuntimeException[1];
        Thread thread =
                new Thread(() -> {
                    try {
                        cache.analysis(
                                N,
                                START,
                                ROW,
                                () -> {
                                    begun.countDown();
                                    after.addAndGet(cancelled.get() ? 1 : 0);
                                    return cancelled.get();
                                });
                    } catch (RuntimeException e) {
                        thrown[0] = e;
                    }
                });
        thread.start();
        begun.await();
        cancelled.set(true);
        thread.join();
        assertThat(thrown[0]).isInstanceOf(StoppedException.class);
        assertThat(after).hasValueLessThanOrEqualTo(2);
        assertThat(cache.count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void smallOnesAreNotLookedAt(int n) {
        int[] start = new int[n + 1];
        BooleanSupplier never =
                () -> {
                    throw new AssertionError("not worth a look");
                };
        assertThat(new SymbolicLdl(n, start, new int[0], never).size()).isEqualTo(n);
    }
}
