package io.argmind.solver;

import static io.argmind.testkit.Write.v;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.linalg.Matrix;
import io.argmind.problem.Cone;
import io.argmind.problem.Program;
import io.argmind.solution.Certificate;
import io.argmind.solution.Claim;
import io.argmind.solution.Residuals;
import io.argmind.solution.Solution;
import io.argmind.solution.Solution.Point;
import io.argmind.solution.Status;
import io.argmind.solution.Verifier;
import io.argmind.testkit.Answers;
import io.argmind.testkit.Backends;
import io.argmind.testkit.ConeSort;
import io.argmind.testkit.ConicPrograms;
import io.argmind.testkit.Draw;
import io.argmind.testkit.Known;
import io.argmind.testkit.Scripted;
import io.argmind.testkit.Shape.Curvature;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nothing that a back-end says about programs with cones is believed without proof. */
class ConicVerificationTest {
    private static final double INF = Double.POSITIVE_INFINITY;

    /**
     * min c x over (h_1 + x, h_2) in the second-order cone if slope is 1, (h_1, h_2 + x) if not.
     */
    private static Program line(double c, int row, double... h) {
        double[] g = new double[2];
        g[row] = -1;
        return new Program(
                Matrix.empty(1, 1),
                v(c),
                Matrix.empty(0, 1),
                v(),
                Draw.dense(g, 2, 1),
                h,
                v(-INF),
                v(INF),
                new int[0],
                List.of(new Cone.SecondOrder(2)));
    }

    private static Solution solve(Program program, Function<Program, Claim> script) {
        try (VerifiedSession session =
                new VerifiedSession(Scripted.of("scripted", script), Backends.referees())) {
            return session.solve(program, null, Limits.generous());
        }
    }

    @ParameterizedTest
    @EnumSource
    void optimaAreBelievedAndMistakesAreNot(ConeSort sort) {
        for (int seed = 0; seed < 20; seed++) {
            Known known = ConicPrograms.known(seed, sort, Curvature.DENSE);
            Program q = known.program();
            double[] x = known.x();
            assertThat(Residuals.of(q, x, known.y(), known.z(), known.zBox()).max())
                    .isLessThan(1e-11);
            Claim right = Claim.point(Status.OPTIMAL, x, known.y(), known.z(), known.zBox(), 7);
            Answers.assertSolves(known, solve(q, p -> right), 1e-9);

            double[] outside = known.z().clone();
            outside[0] -= 10; // no first entry of a dual cone's point is that small on its own
            double[] y = known.y().clone();
            Claim wrong = Claim.point(Status.OPTIMAL, x, y, outside, known.zBox(), 7);
            Solution denied = solve(q, p -> wrong);
            assertThat(denied.status()).isEqualTo(Status.NUMERICAL_ERROR);
            assertThat(denied.point()).isNull();
        }
    }

    @Test
    void residualsAreDistances() {
        Program q = line(1, 1, 1, 2); // (1, 2 + x)
        Residuals r = Residuals.of(q, v(0), v(), v(2, -3), v(0));
        assertThat(r.primal()).isCloseTo(Math.sqrt(0.5), within(1e-15));
        assertThat(r.dual()).isCloseTo(4, within(1e-15)); // |1 + 3|, more than the distance
        assertThat(Residuals.of(q, v(0), v(), v(-5, 1), v(0)).dual())
                .isCloseTo(Math.sqrt(26), within(1e-14)); // the nearest point is the tip
    }

    /** An active set would make something else of it. */
    @Test
    void pointsAreNotSharpened() {
        Known known = ConicPrograms.known(3, ConeSort.MIXED, Curvature.DENSE);
        double[] x = known.x().clone();
        x[0] += 1e-5;
        Point near = Verifier.complete(known.program(), x, known.y(), known.z(), known.zBox());
        assertThat(Verifier.sharpened(known.program(), near)).isSameAs(near);
    }

    @Test
    void infeasibleOnlyWithACertificate() {
        Program q = line(0, 1, -1, 0); // -1 >= |x|
        Claim proved =
                Claim.certified(Status.INFEASIBLE, new Certificate.Farkas(v(), v(1, 0), v(0)), 3);
        assertThat(solve(q, p -> proved).status()).isEqualTo(Status.INFEASIBLE);
        Claim outside =
                Claim.certified(Status.INFEASIBLE, new Certificate.Farkas(v(), v(1, 2), v(0)), 3);
        assertThat(solve(q, p -> outside).status()).isEqualTo(Status.NUMERICAL_ERROR);
        Claim bare = Claim.none(Status.INFEASIBLE, 3, null);
        assertThat(solve(q, p -> bare).status()).isEqualTo(Status.NUMERICAL_ERROR);
    }

    @Test
    void unboundedOnlyWithARayAndAPoint() {
        Program q = line(-1, 0, 0, 1); // max x over x >= 1
        Claim ray = Claim.certified(Status.UNBOUNDED, new Certificate.Ray(v(1)), 3);
        Claim point = Claim.point(Status.OPTIMAL, v(2), v(), v(0, 0), null, 3);
        Claim farther = Claim.point(Status.OPTIMAL, v(0), v(), v(0, 0), null, 3);
        assertThat(solve(q, p -> p.c()[0] == 0 ? point : ray).status()).isEqualTo(Status.UNBOUNDED);
        assertThat(solve(q, p -> p.c()[0] == 0 ? farther : ray).status())
                .isEqualTo(Status.NUMERICAL_ERROR);
        Claim wrongWay = Claim.certified(Status.UNBOUNDED, new Certificate.Ray(v(-1)), 3);
        assertThat(solve(q, p -> p.c()[0] == 0 ? point : wrongWay).status())
                .isEqualTo(Status.NUMERICAL_ERROR);
    }

    /** A direction of descent that no point follows proves nothing; the certificate does. */
    @Test
    void aRayOfAnInfeasibleProgram() {
        Program base = line(-1, 0, 0, 1);
        Program q = base.withBounds(v(-INF), v(0)).withRightHandSides(v(), v(0, 1));
        Claim ray = Claim.certified(Status.UNBOUNDED, new Certificate.Ray(v(1)), 3);
        Claim proof =
                Claim.certified(Status.INFEASIBLE, new Certificate.Farkas(v(), v(1, -1), v(1)), 3);
        assertThat(solve(q, p -> p.c()[0] == 0 ? proof : ray).status())
                .as("the bound stops the ray")
                .isEqualTo(Status.NUMERICAL_ERROR);
        assertThat(solve(q, p -> proof).status()).isEqualTo(Status.INFEASIBLE);
    }

    @Test
    void whatALimitLeavesIsFeasibleOrNothing() {
        Program q = line(1, 0, 0, 1); // min x over x >= 1
        Claim inside = Claim.point(Status.ITERATION_LIMIT, v(2), v(), v(1, 0), null, 3);
        assertThat(solve(q, p -> inside).status()).isEqualTo(Status.FEASIBLE);
        Claim outside = Claim.point(Status.ITERATION_LIMIT, v(0.5), v(), v(1, 0), null, 3);
        assertThat(solve(q, p -> outside).status()).isEqualTo(Status.ITERATION_LIMIT);
    }
}
