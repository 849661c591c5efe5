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
import io.argmind.solver.WarmStart;
import io.argmind.testkit.Draw;
import io.argmind.testkit.Known;
import io.argmind.testkit.Manufactured;
import io.argmind.testkit.Shape.Curvature;
import io.argmind.testkit.Sort;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Guesses help where they are right, and do no harm where they are not. */
class LaneWarmStartTest {
    private static final int SEEDS = 40;

    private static Known known(int seed, Curvature curvature) {
        List<Sort> sorts = new ArrayList<>(EnumSet.complementOf(EnumSet.of(Sort.BADLY_SCALED)));
        Sort sort = sorts.get(seed % sorts.size());
        return Manufactured.of(seed, sort.shape(new Draw(seed), curvature));
    }

    private static Claim solve(Program program, WarmStart guess) {
        try (Session session = new InteriorSolver().open()) {
            return session.solve(program, guess, Limits.generous());
        }
    }

    private static void assertSolves(Known known, WarmStart guess, String name) {
        Claim claim = solve(known.program(), guess);
        assertThat(claim.status()).as(name).isEqualTo(Status.OPTIMAL);
        Point point = LaneEngineTest.point(known.program(), claim);
        assertThat(Verifier.relativeError(known.program(), point)).as(name).isLessThan(1e-8);
        if (known.uniqueX()) {
            assertClose("x of " + name, point.x(), known.x(), 1e-6);
        }
    }

    /** The optimum itself needs one factorization. */
    @ParameterizedTest
    @EnumSource
    void right(Curvature curvature) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Known known = known(seed, curvature);
            WarmStart guess = new WarmStart(known.x(), known.y(), known.z(), known.zBox());
            assertSolves(known, guess, curvature + " " + seed);
            if (known.uniqueX() && known.uniqueDuals()) {
                Claim claim = solve(known.program(), guess);
                assertThat(claim.iterations()).as("%s %s", curvature, seed).isLessThanOrEqualTo(2);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void wrong(Curvature curvature) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Known known = known(seed, curvature);
            Program q = known.program();
            Draw draw = new Draw(seed);
            for (double size : new double[] {1e-3, 1, 1e6}) {
                WarmStart guess =
                        new WarmStart(
                                random(draw, q.n(), size),
                                random(draw, q.p(), size),
                                random(draw, q.m(), size),
                                random(draw, q.n(), size));
                assertSolves(known, guess, curvature + " " + seed + " " + size);
            }
        }
    }

    private static double[] random(Draw draw, int length, double size) {
        double[] x = draw.gaussians(length);
        Arrays.setAll(x, i -> size * x[i]);
        return x;
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e300})
    void noNumbers(double bad) {
        for (Curvature curvature : Curvature.values()) {
            for (int seed = 0; seed < 12; seed++) {
                Known known = known(seed, curvature);
                Program q = known.program();
                String name = curvature + " " + seed;
                double[] n = LanePrograms.filled(q.n(), bad);
                double[] p = LanePrograms.filled(q.p(), bad);
                double[] m = LanePrograms.filled(q.m(), bad);
                assertSolves(known, new WarmStart(n, p, m, n), name);
                assertSolves(known, new WarmStart(known.x(), known.y(), m, n), name);
                assertSolves(known, new WarmStart(n, p, known.z(), known.zBox()), name);
                assertSolves(known, new WarmStart(n, null, null, null), name);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutMultipliers(Curvature curvature) {
        Known known = known(1, curvature);
        assertSolves(known, new WarmStart(known.x(), null, null, null), "x alone");
        assertSolves(known, new WarmStart(known.x(), known.y(), null, null), "x and y");
        assertSolves(known, new WarmStart(known.x(), known.y(), known.z(), null), "no z_box");
    }
}
