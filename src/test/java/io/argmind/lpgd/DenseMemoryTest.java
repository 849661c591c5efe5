package io.argmind.lpgd;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.argmind.linalg.Matrix;
import io.argmind.linalg.WorkingMemory;
import io.argmind.problem.Cone;
import io.argmind.problem.Convexity;
import io.argmind.problem.Program;
import io.argmind.problem.Programs;
import io.argmind.solution.OptimalitySystem;
import io.argmind.solution.Solution.Point;
import io.argmind.solver.LadderSession;
import io.argmind.solver.Limits;
import io.argmind.solver.Solver;
import io.argmind.testkit.Backends;
import io.argmind.testkit.Backward;
import io.argmind.testkit.Batch;
import io.argmind.testkit.ConicPrograms;
import io.argmind.testkit.Draw;
import io.argmind.testkit.Known;
import io.argmind.testkit.Manufactured;
import io.argmind.testkit.ReferenceSolver;
import io.argmind.testkit.Shape;
import io.argmind.testkit.Shape.Curvature;
import io.argmind.testkit.Tiny;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Dense systems take working memory, wait for it, and do without where it is too small. */
class DenseMemoryTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Solver REFERENCE = new ReferenceSolver();
    private static final Program PROGRAM = Tiny.random(1, 4, 1, 3, true);
    private static final Point STAR = Backward.star(REFERENCE, PROGRAM);

    private static Gradients exact(WorkingMemory memory, Supplier<Limits> limits) {
        Programs programs = Batch.of(PROGRAM);
        List<@Nullable Point> points = new ArrayList<>();
        points.add(STAR);
        BackwardPass pass =
                new BackwardPass(
                        programs,
                        Solved.of(points),
                        Backward.x(new Draw(1).gaussians(PROGRAM.n())),
                        Backward.with(Method.IMPLICIT),
                        programs.fields(),
                        false,
                        memory);
        try (LadderSession session =
                new LadderSession(Backends.only(REFERENCE), Backends.referees())) {
            pass.differentiate(0, 1, () -> session, limits);
        }
        return pass.gradients();
    }

    private static long needed() {
        return OptimalitySystem.at(PROGRAM, STAR.x(), STAR.z(), STAR.zBox()).bytes();
    }

    @Test
    void whatFitsIsDone() {
        WorkingMemory memory = new WorkingMemory(needed());
        Gradients g = exact(memory, Limits::generous);
        assertThat(memory.used()).isZero();
        assertThat(g.status()).containsExactly(BackwardStatus.OK);
        assertThat(g.degenerate()[0]).isNotNull();
    }

    @Test
    void whatNeverFitsIsNotMade() {
        Gradients g = exact(new WorkingMemory(needed() - 1), Limits::generous);
        assertThat(g.status()).containsExactly(BackwardStatus.SOLVER_FAILED);
        assertThat(g.degenerate()[0]).isNull();
    }

    /** The time limit ends the wait for others; without others there is none. */
    @Test
    void theWaitEnds() {
        WorkingMemory memory = new WorkingMemory(needed());
        Supplier<Limits> over = () -> Limits.generous().withDeadline(System.nanoTime());
        try (WorkingMemory.Share others = memory.open(() -> false)) {
            others.take(1);
            Gradients g = exact(memory, over);
            assertThat(g.status()).containsExactly(BackwardStatus.SOLVER_FAILED);
            assertThat(g.degenerate()[0]).isNull();
            assertThat(memory.used()).isOne();
        }
        assertThat(exact(memory, over).status()).containsExactly(BackwardStatus.OK);
        assertThat(memory.used()).isZero();
    }

    @Test
    void soAreMatricesThatMayNotBeConvex() {
        WorkingMemory memory = new WorkingMemory(64);
        try (WorkingMemory.Share others = memory.open(() -> false)) {
            others.take(1);
            assertThat(finding(memory)).isEqualTo(Convexity.Finding.UNKNOWN);
        }
        assertThat(finding(memory)).isEqualTo(Convexity.Finding.NOT_CONVEX);
        assertThat(finding(new WorkingMemory(63))).isEqualTo(Convexity.Finding.UNKNOWN);
        assertThat(memory.used()).isZero();
    }

    /** Two by two, twice. */
    private static Convexity.Finding finding(WorkingMemory memory) {
        return Convexity.of(List.of(indefinite()), memory, () -> true).getFirst();
    }

    private static Matrix indefinite() {
        return Draw.sparse(new double[] {1, 2, 2, 1}, 2, 2);
    }

    /** A system that is regular, one that is not, one at a vertex, and one with a cone. */
    private static List<Known> systems() {
        Shape regular =
                new Shape(200, 30, 40, 0, 0, 0, 0, 0, Curvature.DENSE, 1, 0, Shape.Box.NONE);
        Shape singular =
                new Shape(150, 30, 20, 0, 0, 10, 20, 0, Curvature.SINGULAR, 1, 0, Shape.Box.NONE);
        List<Cone> cone = List.of(new Cone.SecondOrder(100), new Cone.Psd(10));
        return List.of(
                Manufactured.of(1, regular),
                Manufactured.of(1, singular),
                Manufactured.of(1, Shape.vertex(150, 50, 0, 0)),
                ConicPrograms.known(new Draw(1), cone, 120, 10, 0, Curvature.DENSE));
    }

    /**
     * What a system is said to take is no less than all that the JVM says it has allocated, and no
     * more than twice that.
     */
    @ParameterizedTest
    @MethodSource("systems")
    void sizesAreThoseOfTheArrays(Known known) {
        Program program = known.program();
        Supplier<OptimalitySystem> fresh =
                () -> OptimalitySystem.at(program, known.x(), known.z(), known.zBox());
        long most =
                Math.max(
                        allocated(fresh.get(), OptimalitySystem::isDegenerate),
                        allocated(
                                fresh.get(),
                                system ->
                                        system.solve(
                                                new double[program.n()],
                                                new double[program.p()],
                                                new double[program.m()])));
        assertThat(fresh.get().bytes()).isBetween(most, 2 * most);
    }

    private static long allocated(OptimalitySystem system, Consumer<OptimalitySystem> work) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        work.accept(system);
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
