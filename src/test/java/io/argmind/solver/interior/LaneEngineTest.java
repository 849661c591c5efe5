package io.argmind.solver.interior;

import static io.argmind.testkit.Answers.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Solution.Point;
import io.argmind.solution.Status;
import io.argmind.solution.Verifier;
import io.argmind.solver.Limits;
import io.argmind.solver.Session;
import io.argmind.solver.interior.LanePrograms.Kind;
import io.argmind.testkit.Draw;
import io.argmind.testkit.Known;
import io.argmind.testkit.Manufactured;
import io.argmind.testkit.Shape;
import io.argmind.testkit.Shape.Curvature;
import io.argmind.testkit.Sort;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** How exact raw claims are, and when the engine stops. */
class LaneEngineTest {
    private static final int SEEDS = 36;

    private static Limits limits(double tolerance, int maxIterations) {
        return new Limits(tolerance, maxIterations, Limits.generous().deadlineNanos());
    }

    static Point point(Program program, Claim claim) {
        return Verifier.complete(
                program,
                Objects.requireNonNull(claim.x()),
                Objects.requireNonNull(claim.y()),
                Objects.requireNonNull(claim.z()),
                Objects.requireNonNull(claim.zBox()));
    }

    private static Claim solve(Program program, Limits limits) {
        try (Session session = new InteriorSolver().open()) {
            return session.solve(program, null, limits);
        }
    }

    private static List<Known> programs(Sort sort, Curvature curvature) {
        List<Known> all = new ArrayList<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            Draw draw = new Draw(31L * List.of(Sort.values()).indexOf(sort) + seed);
            all.add(Manufactured.of(seed, sort.shape(draw, curvature)));
        }
        return all;
    }

    /** Nondegenerate programs end with an active set, and so at rounding error. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "BADLY_SCALED")
    void nondegenerate(Sort sort) {
        int checked = 0;
        for (Curvature curvature : Curvature.values()) {
            for (Known known : programs(sort, curvature)) {
                if (known.uniqueX() && known.uniqueDuals()) {
                    Claim claim = solve(known.program(), Limits.generous());
                    String name = sort + " " + curvature + " n = " + known.x().length;
                    assertThat(claim.status()).as(name).isEqualTo(Status.OPTIMAL);
                    Point point = point(known.program(), claim);
                    assertThat(Verifier.relativeError(known.program(), point))
                            .as(name)
                            .isLessThan(1e-12);
                    assertClose("x", point.x(), known.x(), 1e-6);
                    checked++;
                }
            }
        }
        assertThat(checked > 0 || sort == Sort.DEGENERATE || sort == Sort.DUPLICATED).isTrue();
    }

    /** A sharper tolerance than the usual is kept, also where optima are not unique. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "BADLY_SCALED")
    void sharpTolerance(Sort sort) {
        for (Curvature curvature : Curvature.values()) {
            for (Known known : programs(sort, curvature)) {
                Claim claim = solve(known.program(), limits(1e-10, Limits.NO_ITERATION_LIMIT));
                String name = sort + " " + curvature + " n = " + known.x().length;
                assertThat(claim.status()).as(name).isEqualTo(Status.OPTIMAL);
                Point point = point(known.program(), claim);
                assertThat(Verifier.relativeError(known.program(), point))
                        .as(name)
                        .isLessThan(1e-10);
            }
        }
    }

    /** Programs on which steps of full weight go in circles. */
    @ParameterizedTest
    @CsvSource({"ANY,SINGULAR,16", "DUPLICATED,SINGULAR,24", "BOXED,DENSE,243"})
    void getsOutOfCycles(Sort sort, Curvature curvature, int seed) {
        Draw draw = new Draw(31L * List.of(Sort.values()).indexOf(sort) + seed);
        Known known = Manufactured.of(seed, sort.shape(draw, curvature));
        Claim claim = solve(known.program(), Limits.generous());
        assertThat(claim.status()).isEqualTo(Status.OPTIMAL);
        assertThat(claim.iterations()).isLessThan(40);
        Point point = point(known.program(), claim);
        assertThat(Verifier.relativeError(known.program(), point)).isLessThan(1e-8);
    }

    /** Batches of one shape, all lanes busy. */
    @ParameterizedTest
    @EnumSource
    void batches(Curvature curvature) {
        for (int seed = 0; seed < 10; seed++) {
            Shape shape = Sort.ANY.shape(new Draw(seed), curvature);
            List<Known> known = new ArrayList<>();
            for (int i = 0; i < 19; i++) {
                known.add(Manufactured.of(100L * seed + i, shape));
            }
            List<Program> programs = known.stream().map(Known::program).toList();
            try (Session session = new InteriorSolver().open()) {
                List<Claim> claims =
                        session.solveAll(programs, Collections.nCopies(19, null), Limits::generous);
                for (int i = 0; i < 19; i++) {
                    Point point = point(programs.get(i), claims.get(i));
                    assertThat(claims.get(i).status()).isEqualTo(Status.OPTIMAL);
                    assertThat(Verifier.relativeError(programs.get(i), point))
                            .as("%s %s %s", curvature, seed, i)
                            .isLessThan(1e-8);
                }
            }
        }
    }

    /** Programs with inequalities take more than three iterations. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void iterationLimit(int most) {
        int limited = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Program program = LanePrograms.good(Kind.QUADRATIC, seed);
            Claim claim = solve(program, limits(1e-8, most));
            if (claim.status() == Status.OPTIMAL) {
                Point point = point(program, claim);
                assertThat(Verifier.relativeError(program, point)).isLessThan(1e-8);
            } else {
                assertThat(claim.status()).isEqualTo(Status.ITERATION_LIMIT);
                assertThat(claim.x()).hasSize(program.n()).doesNotContain(Double.NaN);
                assertThat(claim.iterations()).isBetween((long) most, most + 3L);
                limited++;
            }
        }
        assertThat(limited).isGreaterThan(SEEDS / 2);
    }

    /** Told to stop when it has asked k times, a solve has done at most k iterations. */
    @ParameterizedTest
    @EnumSource(names = {"LINEAR", "QUADRATIC", "DIAGONAL", "SPARSE"})
    void stopsWithinAnIteration(Kind kind) {
        Program program = LanePrograms.good(kind, 4);
        LaneGroup group = new LaneGroup(Structure.of(List.of(program)));
        for (int k = 0; k < 4; k++) {
            int patience = k;
            int[] asked = new int[1];
            BooleanSupplier stop = () -> ++asked[0] > patience;
            Claim claim =
                    group.solve(
                                    List.of(program),
                                    Collections.singletonList(null),
                                    1e-8,
                                    Limits.NO_ITERATION_LIMIT,
                                    stop)[0];
            assertThat(claim.status()).isEqualTo(Status.TIME_LIMIT);
            assertThat(claim.iterations()).isEqualTo(k);
            assertThat(claim.x()).hasSize(kind.n).doesNotContain(Double.NaN);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDeadlineThatHasPassed(Kind kind) {
        Limits over = Limits.generous().withDeadline(System.nanoTime() - 1);
        List<Program> programs = new ArrayList<>();
        for (int seed = 0; seed < 20; seed++) {
            programs.add(LanePrograms.good(kind, seed));
        }
        try (Session session = new InteriorSolver().open()) {
            for (Claim claim :
                    session.solveAll(programs, Collections.nCopies(20, null), () -> over)) {
                boolean atOnce = claim.status() == Status.OPTIMAL; // the first point was it
                assertThat(atOnce || claim.status() == Status.TIME_LIMIT).isTrue();
                assertThat(claim.iterations()).isZero();
            }
            Claim later = session.solve(programs.getFirst(), null, Limits.generous());
            assertThat(later.status()).isEqualTo(Status.OPTIMAL);
        }
    }

    /** A session that was told to stop before a solve does not stop that. */
    @ParameterizedTest
    @EnumSource
    void cancelledBefore(Kind kind) {
        Program program = LanePrograms.good(kind, 6);
        try (Session session = new InteriorSolver().open()) {
            session.cancel();
            Claim claim = session.solve(program, null, Limits.generous());
            assertThat(claim.status()).isEqualTo(Status.OPTIMAL);
            session.cancel();
        }
    }
}
