package io.argmind.solver.interior;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.linalg.Lanes;
import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solver.Limits;
import io.argmind.solver.Session;
import io.argmind.solver.WarmStart;
import io.argmind.solver.interior.LanePrograms.Kind;
import io.argmind.testkit.Draw;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The claim of an instance is the same, bit for bit, whatever happens in the other lanes. */
class LaneIndependenceTest {
    private static final int W = Lanes.WIDTH;

    private static Session open() {
        return new InteriorSolver().open();
    }

    private static List<Claim> solveAll(Session session, List<Program> programs) {
        return session.solveAll(
                programs, Collections.nCopies(programs.size(), null), Limits::generous);
    }

    private static Claim alone(Program program) {
        try (Session session = open()) {
            return session.solve(program, null, Limits.generous());
        }
    }

    static void assertSame(Claim actual, Claim expected, String where) {
        assertThat(actual.status()).as(where).isEqualTo(expected.status());
        assertThat(actual.x()).as("x, %s", where).isEqualTo(expected.x());
        assertThat(actual.y()).as("y, %s", where).isEqualTo(expected.y());
        assertThat(actual.z()).as("z, %s", where).isEqualTo(expected.z());
        assertThat(actual.zBox()).as("z_box, %s", where).isEqualTo(expected.zBox());
        assertThat(actual.iterations())
                .as("iterations, %s", where)
                .isEqualTo(expected.iterations());
    }

    private static void assertAllSame(
            List<Claim> actual, List<Claim> expected, List<Program> programs, String where) {
        assertThat(actual).hasSameSizeAs(programs);
        for (int i = 0; i < actual.size(); i++) {
            assertSame(actual.get(i), expected.get(i), where + ", instance " + i);
        }
    }

    /** Good and bad programs, mixed. */
    private static List<Program> mixed(Kind kind) {
        List<Program> all = new ArrayList<>(LanePrograms.bad(kind, 77));
        int bad = all.size();
        for (int seed = 0; seed < 14; seed++) {
            all.add(LanePrograms.good(kind, seed));
        }
        List<Program> out = new ArrayList<>();
        for (int i : new Draw(kind.n).indices(all.size(), all.size())) {
            out.add(all.get(i));
        }
        assertThat(bad).isPositive();
        return out;
    }

    @ParameterizedTest
    @EnumSource
    void anyNeighboursAndPositions(Kind kind) {
        List<Program> programs = mixed(kind);
        List<Claim> expected = programs.stream().map(LaneIndependenceTest::alone).toList();
        try (Session session = open()) {
            for (int shift = 0; shift < W + 2; shift++) {
                List<Program> turned = new ArrayList<>(programs);
                List<Claim> claims = new ArrayList<>(expected);
                Collections.rotate(turned, shift);
                Collections.rotate(claims, shift);
                assertAllSame(solveAll(session, turned), claims, turned, kind + " by " + shift);
            }
        }
    }

    /** Batches that end in the middle of a group. */
    @ParameterizedTest
    @EnumSource
    void anySize(Kind kind) {
        List<Program> programs = mixed(kind);
        List<Claim> expected = programs.stream().map(LaneIndependenceTest::alone).toList();
        try (Session session = open()) {
            for (int size = programs.size(); size > 0; size--) {
                List<Program> some = programs.subList(programs.size() - size, programs.size());
                List<Claim> claims = expected.subList(programs.size() - size, programs.size());
                assertAllSame(solveAll(session, some), claims, some, kind + " " + size);
            }
        }
    }

    /** One good program next to itself spoiled, in turn in every lane, and after it. */
    @ParameterizedTest
    @EnumSource
    void afterAnythingInTheSameLane(Kind kind) {
        Program good = LanePrograms.good(kind, 3);
        Claim expected = alone(good);
        try (Session session = open()) {
            for (Program bad : LanePrograms.bad(kind, 3)) {
                for (int l = 0; l < W; l++) {
                    List<Program> group = new ArrayList<>(Collections.nCopies(W, bad));
                    group.set(l, good);
                    assertSame(solveAll(session, group).get(l), expected, kind + " lane " + l);
                    for (Claim claim : solveAll(session, Collections.nCopies(W, good))) {
                        assertSame(claim, expected, kind + " afterwards");
                    }
                }
            }
        }
    }

    /** Which bounds and rows neighbours have does not matter, not even to the order of sums. */
    @ParameterizedTest
    @EnumSource
    void otherBoundsNextDoor(Kind kind) {
        for (int seed = 0; seed < 20; seed++) {
            Program program = LanePrograms.good(kind, 100 + seed);
            Claim expected = alone(program);
            Draw draw = new Draw(seed);
            double[] lb = program.lb().clone();
            double[] ub = program.ub().clone();
            double[] h = program.h().clone();
            for (int i = 0; i < kind.n; i++) {
                lb[i] = draw.chance(0.5) ? Double.NEGATIVE_INFINITY : -1 - draw.positive();
                ub[i] = draw.chance(0.5) ? Double.POSITIVE_INFINITY : 1 + draw.positive();
            }
            for (int i = 0; i < kind.m; i++) {
                h[i] = draw.chance(0.5) ? Double.POSITIVE_INFINITY : draw.positive();
            }
            Program other = program.withBounds(lb, ub).withRightHandSides(program.b(), h);
            try (Session session = open()) {
                List<Claim> claims = solveAll(session, List.of(other, program));
                assertSame(claims.get(1), expected, kind + " seed " + seed);
                assertSame(claims.get(0), alone(other), kind + " the other of seed " + seed);
            }
        }
    }

    /** The same from guesses: right ones, of neighbours, and none. */
    @ParameterizedTest
    @EnumSource
    void withGuesses(Kind kind) {
        List<Program> programs = new ArrayList<>();
        List<@Nullable WarmStart> guesses = new ArrayList<>();
        WarmStart last = null;
        for (int seed = 0; seed < 13; seed++) {
            Program program = LanePrograms.good(kind, 40 + seed);
            WarmStart own = guess(alone(program));
            programs.add(program);
            guesses.add(seed % 3 == 0 ? null : seed % 3 == 1 ? last : own);
            last = own;
        }
        List<Claim> expected = new ArrayList<>();
        for (int i = 0; i < programs.size(); i++) {
            try (Session session = open()) {
                expected.add(session.solve(programs.get(i), guesses.get(i), Limits.generous()));
            }
        }
        try (Session session = open()) {
            for (int shift = 0; shift < W; shift++) {
                List<Claim> claims = session.solveAll(programs, guesses, Limits::generous);
                assertAllSame(claims, expected, programs, kind + " guesses");
                Collections.rotate(programs, 1);
                Collections.rotate(guesses, 1);
                Collections.rotate(expected, 1);
            }
        }
    }

    private static @Nullable WarmStart guess(Claim claim) {
        return claim.x() == null
                ? null
                : new WarmStart(
                        Objects.requireNonNull(claim.x()), claim.y(), claim.z(), claim.zBox());
    }
}
