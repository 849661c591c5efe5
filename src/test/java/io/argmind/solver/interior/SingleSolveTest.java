package io.argmind.solver.interior;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.linalg.WorkingMemory;
import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.testkit.Manufactured;
import io.argmind.testkit.Shape;
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
        assertThat(claim.detail())
                .matches("a factorization needs \\d+ bytes, more than the 1000 .*");
        assertThat(memory.used()).isZero();
    }
}
