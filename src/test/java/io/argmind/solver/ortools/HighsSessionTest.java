package io.argmind.solver.ortools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.linalg.Matrix;
import io.argmind.problem.Program;
import io.argmind.solution.Certificate;
import io.argmind.solution.CertificateCheck;
import io.argmind.solution.Claim;
import io.argmind.solution.Residuals;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.Session;
import io.argmind.solver.WarmStart;
import io.argmind.testkit.Draw;
import io.argmind.testkit.HardPrograms;
import io.argmind.testkit.Hopeless;
import io.argmind.testkit.Manufactured;
import io.argmind.testkit.Shape;
import io.argmind.testkit.Shape.Curvature;
import io.argmind.testkit.Sort;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What HiGHS says before anyone verifies or repairs it. */
class HighsSessionTest {
    private static final Limits LIMITS = Limits.generous();

    private static Claim cold(Program program) {
        try (Session session = new HighsSolver().open()) {
            return session.solve(program, null, LIMITS);
        }
    }

    private static WarmStart warm(Claim claim) {
        return new WarmStart(Objects.requireNonNull(claim.x()), claim.y(), claim.z(), claim.zBox());
    }

    private static Residuals residuals(Program program, Claim claim) {
        return Residuals.of(
                program,
                Objects.requireNonNull(claim.x()),
                Objects.requireNonNull(claim.y()),
                Objects.requireNonNull(claim.z()),
                Objects.requireNonNull(claim.zBox()));
    }

    private static Program withNoise(Program program, double step, int seed) {
        double[] c = program.c().clone();
        Draw draw = new Draw(seed);
        for (int i = 0; i < c.length; i++) {
            c[i] += step * draw.gaussian();
        }
        return program.withCost(c);
    }

    /** Feasible and bounded whatever its costs. */
    private static Program boxed(int seed) {
        return HardPrograms.linear(10 + seed);
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "DIAGONAL", "DENSE"})
    void signsFollowOurLagrangian(Curvature curvature) {
        for (int seed = 0; seed < 20; seed++) {
            Shape shape = Sort.ANY.shape(new Draw(seed), curvature);
            Program program = Manufactured.of(seed, shape).program();
            Claim claim = cold(program);
            assertThat(claim.status()).isEqualTo(Status.OPTIMAL);
            assertThat(residuals(program, claim).max()).isLessThan(1e-6);
        }
    }

    @Test
    void infeasibleProgramsComeWithProof() {
        for (int seed = 0; seed < 20; seed++) {
            for (boolean quadratic : new boolean[] {false, true}) {
                Program program = Hopeless.infeasibleRows(seed, quadratic);
                Claim claim = cold(program);
                assertThat(claim.status()).isEqualTo(Status.INFEASIBLE);
                Certificate proof = Objects.requireNonNull(claim.certificate());
                assertThat(proof).isInstanceOf(Certificate.Farkas.class);
                assertThat(CertificateCheck.holds(program, proof)).isTrue();
            }
        }
    }

    @Test
    void unboundedProgramsComeWithProof() {
        for (int seed = 0; seed < 20; seed++) {
            Program program = Hopeless.unbounded(seed, false);
            Claim claim = cold(program);
            assertThat(claim.status()).isEqualTo(Status.UNBOUNDED);
            Certificate proof = Objects.requireNonNull(claim.certificate());
            assertThat(proof).isInstanceOf(Certificate.Ray.class);
            assertThat(CertificateCheck.holds(program, proof)).isTrue();
        }
    }

    @Test
    void itsOwnOptimumIsABasisToStopAt() {
        try (Session session = new HighsSolver().open()) {
            for (int seed = 0; seed < 30; seed++) {
                Program program = boxed(seed);
                Claim first = session.solve(program, null, LIMITS);
                Claim second = session.solve(program, warm(first), LIMITS);
                assertThat(first.iterations()).isPositive();
                assertThat(second.iterations()).isZero();
                assertThat(residuals(program, second).max()).isLessThan(1e-9);
            }
        }
    }

    @Test
    void theOptimumOfANeighbourSavesPivots() {
        long cold = 0;
        long warm = 0;
        try (Session session = new HighsSolver().open()) {
            for (int seed = 0; seed < 30; seed++) {
                Program program = boxed(seed);
                WarmStart guess = warm(session.solve(program, null, LIMITS));
                Program next = withNoise(program, 0.05, seed);
                cold += session.solve(next, null, LIMITS).iterations();
                warm += session.solve(next, guess, LIMITS).iterations();
            }
        }
        assertThat(warm).isLessThan(cold / 3);
    }

    @Test
    void resolvingGoesOnFromTheLastBasis() {
        try (Session session = new HighsSolver().open()) {
            Program program = boxed(30);
            long pivots = session.solve(program, null, LIMITS).iterations();
            for (int seed = 0; seed < 20; seed++) {
                double[] h = program.h().clone();
                h[seed] += 0.1;
                Program next = withNoise(program, 0.05, seed).withRightHandSides(program.b(), h);
                Claim claim = session.resolve(next, LIMITS);
                Claim alone = cold(next);
                assertThat(claim.status()).isEqualTo(Status.OPTIMAL);
                assertThat(claim.iterations()).isLessThan(pivots / 2);
                assertThat(next.objective(Objects.requireNonNull(claim.x())))
                        .isCloseTo(next.objective(Objects.requireNonNull(alone.x())), within(1e-8));
                assertThat(residuals(next, claim).max()).isLessThan(1e-8);
            }
        }
    }

    @Test
    void warmAnswersDoNotDependOnTheSessionsPast() {
        Program program = boxed(5);
        Program next = withNoise(program, 1, 1);
        WarmStart guess = warm(cold(program));
        Claim alone;
        try (Session session = new HighsSolver().open()) {
            alone = session.solve(next, guess, LIMITS);
        }
        try (Session session = new HighsSolver().open()) {
            for (int seed = 0; seed < 20; seed++) {
                session.solve(withNoise(program, 10, seed), null, LIMITS);
                session.resolve(withNoise(program, 1e4, seed), LIMITS);
                Claim claim = session.solve(next, guess, LIMITS);
                assertThat(claim.x()).isEqualTo(alone.x());
                assertThat(claim.y()).isEqualTo(alone.y());
                assertThat(claim.z()).isEqualTo(alone.z());
                assertThat(claim.zBox()).isEqualTo(alone.zBox());
                assertThat(claim.iterations()).isEqualTo(alone.iterations());
            }
        }
    }

    @Test
    void aProgramWithoutRowsIsOne() {
        Program program =
                new Program(
                        Matrix.empty(2, 2),
                        new double[] {-1, 2},
                        Matrix.empty(0, 2),
                        new double[0],
                        Matrix.empty(0, 2),
                        new double[0],
                        new double[] {0, 1},
                        new double[] {3, Double.POSITIVE_INFINITY},
                        new int[0]);
        WarmStart guess = new WarmStart(new double[] {1, 1}, null, null, null);
        try (Session session = new HighsSolver().open()) {
            assertThat(session.solve(program, null, LIMITS).x()).containsExactly(3, 1);
            assertThat(session.solve(program, guess, LIMITS).x()).containsExactly(3, 1);
            Program other = program.withCost(new double[] {1, 2});
            assertThat(session.resolve(other, LIMITS).x()).containsExactly(0, 1);
            Program curved =
                    program.withObjective(Matrix.diagonal(new double[] {1, 1}), program.c());
            assertThat(session.solve(curved, null, LIMITS).x()).containsExactly(1, 1);
        }
    }

    @Test
    void incumbentsAreFeasibleAndBoundedFromBelow() {
        Program program = HardPrograms.marketSplit(3, 20);
        double[] none = new double[program.n()];
        for (int i = 0; i < 3; i++) {
            none[20 + 2 * i] = program.b()[i]; // nothing chosen, all deviation
        }
        Limits brief = LIMITS.withDeadline(System.nanoTime() + 200_000_000L);
        try (Session session = new HighsSolver().open()) {
            Claim claim = session.solve(program, new WarmStart(none, null, null, null), brief);
            double[] x = Objects.requireNonNull(claim.x());
            assertThat(claim.status()).isIn(Status.FEASIBLE, Status.OPTIMAL);
            assertThat(Residuals.primal(program, x)).isLessThan(1e-6);
            assertThat(claim.bound()).isLessThanOrEqualTo(program.objective(x) + 1e-6);
        }
    }

    @Test
    void limitsOfIterationsAreKept() {
        Limits few = new Limits(1e-8, 3, LIMITS.deadlineNanos());
        try (Session session = new HighsSolver().open()) {
            Claim linear = session.solve(HardPrograms.linear(60), null, few);
            assertThat(linear.status()).isIn(Status.ITERATION_LIMIT, Status.FEASIBLE);
            assertThat(linear.iterations()).isLessThanOrEqualTo(3);
            Claim curved = session.solve(HardPrograms.quadratic(60, false), null, few);
            assertThat(curved.status()).isIn(Status.ITERATION_LIMIT, Status.FEASIBLE);
        }
    }

    /** Left alone, HiGHS' QP method drifts away on programs of this size and does not come back. */
    @Test
    void quadraticProgramsOfMiddlingSizeEnd() {
        Program program = HardPrograms.quadratic(150, false);
        Claim claim = cold(program);
        assertThat(claim.status()).isEqualTo(Status.OPTIMAL);
        assertThat(residuals(program, claim).max()).isLessThan(1e-6);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void solvesLeakNothing() throws IOException {
        int live = OrToolsLibrary.liveObjects();
        solveMany(2_000);
        long before = nativeBytes();
        solveMany(10_000);
        assertThat(OrToolsLibrary.liveObjects()).isEqualTo(live);
        assertThat(nativeBytes() - before).isLessThan(64 << 20);
    }

    private static void solveMany(int count) {
        Program program = boxed(0);
        Program hopeless = Hopeless.infeasibleRows(0, false);
        double[] x = new double[program.n()];
        Arrays.fill(x, 1);
        WarmStart guess = new WarmStart(x, null, null, null);
        for (int i = 0; i < count; i += 100) {
            try (Session session = new HighsSolver().open()) {
                for (int k = 0; k < 97; k++) {
                    session.solve(withNoise(program, 1, i + k), k % 2 == 0 ? guess : null, LIMITS);
                }
                session.solve(hopeless, null, LIMITS);
                session.solve(program.withObjective(Matrix.diagonal(x), x), null, LIMITS);
                session.resolve(program, LIMITS);
            }
        }
    }

    /** What is resident besides the heap. */
    private static long nativeBytes() throws IOException {
        String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ", -1);
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
        return Long.parseLong(pages[1]) * 4096 - heap;
    }
}
