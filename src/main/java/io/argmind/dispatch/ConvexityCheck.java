package io.argmind.dispatch;

import io.argmind.linalg.WorkingMemory;
import io.argmind.problem.Convexity;
import io.argmind.problem.FieldError;
import io.argmind.problem.InvalidProblemException;
import io.argmind.problem.Programs;
import io.argmind.solver.Plan;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Looks whether every P is positive semidefinite, where the solvers of a plan take that for
 * granted. For use by several threads.
 */
final class ConvexityCheck {
    private static final int MOST_NAMED = 20;

    private final Programs programs;
    private final String solver;
    private final boolean needed;
    private final Queue<Integer> bad = new ConcurrentLinkedQueue<>();
    private final boolean[] definite; // [size]

    ConvexityCheck(Programs programs, Plan plan) {
        this.programs = programs;
        this.solver = plan.name();
        this.definite = new boolean[programs.size()];
        this.needed =
                programs.problemClass().isQuadratic()
                        && programs.size() > 0
                        && !plan.ladder().stream().allMatch(s -> s.capabilities().nonconvex());
    }

    /** Whether there is one P for all instances, which is the first one's. */
    boolean isOfOne() {
        return needed && !programs.P().batched();
    }

    /**
     * Looks at the matrices of the instances from, ..., to - 1, where each has its own.
     *
     * @param stopped ends the wait for memory; then nothing is found
     */
    void look(int from, int to, BooleanSupplier stopped) {
        if (needed && programs.P().batched()) {
            lookAt(from, to, stopped);
        }
    }

    /** Looks at the one matrix. */
    void lookAtOne(BooleanSupplier stopped) {
        lookAt(0, 1, stopped);
    }

    private void lookAt(int from, int to, BooleanSupplier stopped) {
        List<Convexity.Finding> findings =
                Convexity.of(
                        IntStream.range(from, to).mapToObj(programs.P()::of).toList(),
                        WorkingMemory.OF_THIS_JVM,
                        stopped);
        for (int i = from; i < to; i++) {
            Convexity.Finding finding = findings.get(i - from);
            definite[i] = finding == Convexity.Finding.DEFINITE;
            if (finding == Convexity.Finding.NOT_CONVEX) {
                bad.add(i);
            }
        }
    }

    /** For every instance, whether its P was found to be positive definite. */
    boolean[] definite() {
        if (isOfOne()) {
            Arrays.fill(definite, definite[0]);
        }
        return definite;
    }

    /** Whether no solve need be begun any more. */
    boolean hasFailed() {
        return !bad.isEmpty();
    }

    /**
     * Says which are not.
     *
     * @throws InvalidProblemException if there are any
     */
    void throwIfFailed() {
        if (hasFailed()) {
            throw new InvalidProblemException(
                    bad.stream().sorted().limit(MOST_NAMED).map(this::error).toList());
        }
    }

    private FieldError error(int i) {
        return new FieldError(
                programs.P().batched() ? "/problem/P/" + i : "/problem/P",
                "not positive semidefinite (it has a negative eigenvalue), and "
                        + solver
                        + " solves convex programs only");
    }
}
