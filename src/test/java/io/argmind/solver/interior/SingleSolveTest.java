package io.argmind.solver.interior;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.linalg.Matrix;
import io.argmind.linalg.Pattern;
import io.argmind.linalg.WorkingMemory;
import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.testkit.Manufactured;
import io.argmind.testkit.Shape;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class SingleSolveTest {
    private static final Program PROGRAM = Manufactured.of(1, Shape.vertex(8, 2, 3, 6)).program();

    private static Claim solve(WorkingMemory memory) {
        return new SingleSolve(memory).solve(PROGRAM, null, Limits.generous(), () -> false);
    }

    @Test
    void whatItsFactorTakesIsGivenBack() {
        WorkingMemory memory = new WorkingMemory(1 << 20);
        assertThat(solve(memory).status()).isEqualTo(Status.OPTIMAL);
        assertThat(memory.used()).isZero();
    }

    /** With both sizes, so that one can tell which heap it takes. */
    @Test
    void aFactorThatDoesNotFitIsSaidToBeTooLarge() {
        WorkingMemory memory = new WorkingMemory(1000);
        Claim claim = solve(memory);
        assertThat(claim.status()).isEqualTo(Status.NUMERICAL_ERROR);
        assertThat(claim.detail()).matches("it needs \\d+ bytes to work in, more than the 1000 .*");
        assertThat(memory.used()).isZero();
    }

    /** Rows that couple variables at random: their pattern takes seconds to analyse. */
    private static Program coupled(int n) {
        SplittableRandom random = new SplittableRandom(1);
        int[] start = new int[n + 1];
        int[] col = new int[4 * n];
        int at = 0;
        for (int i = 0; i < n; i++) {
            for (int j : random.ints(4, 0, n).distinct().sorted().toArray()) {
                col[at++] = j;
            }
            start[i + 1] = at;
        }
        double[] values = new double[at];
        Arrays.fill(values, 1);
        Pattern pattern = Pattern.sparse(n, n, start, Arrays.copyOf(col, at));
        double[] bounds = new double[n];
        Arrays.fill(bounds, 10);
        return new Program(
                Matrix.empty(n, n),
                new double[n],
                new Matrix(pattern, values, 0),
                new double[n],
                Matrix.empty(0, n),
                new double[0],
                new double[n],
                bounds,
                new int[0]);
    }

    /**
     * A time limit that ends while the pattern is analysed is one, nothing half done is kept, and
     * whoever has more time makes the analysis, once. Looks count the work.
     */
    @Test
    void theAnalysisOfAPatternHasATimeLimit() {
        Program program = coupled(50_000);
        WorkingMemory memory = new WorkingMemory(1000);
        SingleSolve single = new SingleSolve(memory);
        AtomicInteger looks = new AtomicInteger();
        BooleanSupplier counted =
                () -> {
                    looks.incrementAndGet();
                    return false;
                };
        Limits soon = Limits.generous().withDeadline(System.nanoTime() + 100_000_000L);
        Claim late = single.solve(program, null, soon, counted);
        assertThat(late.status()).isEqualTo(Status.TIME_LIMIT);
        assertThat(late.detail()).contains("analysis");
        int first = looks.getAndSet(0);

        Claim cancelled = single.solve(program, null, Limits.generous(), () -> true);
        assertThat(cancelled.status()).isEqualTo(Status.TIME_LIMIT);

        Claim whole = single.solve(program, null, Limits.generous(), counted);
        assertThat(whole.detail()).contains("bytes to work in, more than the 1000");
        int all = looks.getAndSet(0);
        assertThat(first).isLessThan(all / 2);

        Claim again = single.solve(program, null, Limits.generous(), counted);
        assertThat(again.detail()).isEqualTo(whole.detail());
        assertThat(looks).as("its analysis is kept").hasValue(0);
        assertThat(memory.used()).isZero();
    }
}
