package io.argmind.solver;

import static io.argmind.testkit.Write.below;
import static io.argmind.testkit.Write.box;
import static io.argmind.testkit.Write.cost;
import static io.argmind.testkit.Write.curved;
import static io.argmind.testkit.Write.equal;
import static io.argmind.testkit.Write.v;
import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.problem.ProblemClass;
import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Solution;
import io.argmind.solution.Status;
import io.argmind.testkit.Backends;
import io.argmind.testkit.ReferenceSolver;
import io.argmind.testkit.Scripted;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LadderSessionTest {
    private static final Program LP = box(below(cost(-1, -2), v(1, 1), 1.5), 0, 1);
    private static final Program QP = curved(LP, 1, 0, 0, 1);

    private final Scripted broken =
            Scripted.of("broken", q -> Claim.none(Status.NUMERICAL_ERROR, 1, "no"));
    private final Scripted good = Scripted.like("good", new ReferenceSolver());

    private static LadderSession ladder(Solver... rungs) {
        return new LadderSession(new Plan(List.of(rungs), "because"), Backends.referees());
    }

    private static Limits limits() {
        return Limits.generous();
    }

    @Test
    void climbsOnNumericalErrors() {
        try (LadderSession session = ladder(broken, broken, good)) {
            assertThat(session.solve(LP, null, limits()).status()).isEqualTo(Status.OPTIMAL);
            assertThat(session.climbs()).isEqualTo(2);
            assertThat(session.solve(QP, null, limits()).status()).isEqualTo(Status.OPTIMAL);
            assertThat(session.climbs()).isEqualTo(4);
        }
        assertThat(broken.solves.get()).isEqualTo(4);
        assertThat(good.solves.get()).isEqualTo(2);
        assertThat(broken.opened.get()).isEqualTo(2);
        assertThat(broken.closed.get()).isEqualTo(2);
        assertThat(good.closed.get()).isEqualTo(1);
    }

    /** A lie is a numerical error too. */
    @Test
    void climbsOverLies() {
        Scripted liar =
                Scripted.of("liar", q -> Claim.point(Status.OPTIMAL, v(0, 0), v(), v(0), null, 1));
        Scripted pessimist = Scripted.of("pessimist", q -> Claim.none(Status.INFEASIBLE, 1, null));
        try (LadderSession session = ladder(liar, pessimist, good)) {
            Solution s = session.solve(LP, null, limits());
            assertThat(s.status()).isEqualTo(Status.OPTIMAL);
            assertThat(Objects.requireNonNull(s.point()).x()).containsExactly(0.5, 1);
            assertThat(session.climbs()).isEqualTo(2);
        }
    }

    @Test
    void staysWhereAnAnswerIsAnAnswer() {
        Program infeasible = equal(LP, v(1, 1), 7);
        try (LadderSession session = ladder(good, broken)) {
            assertThat(session.solve(infeasible, null, limits()).status())
                    .isEqualTo(Status.INFEASIBLE);
            assertThat(session.climbs()).isZero();
        }
        Scripted slow = Scripted.of("slow", q -> Claim.none(Status.TIME_LIMIT, 1, null));
        Scripted lazy = Scripted.of("lazy", q -> Claim.none(Status.ITERATION_LIMIT, 1, null));
        for (Scripted limited : List.of(slow, lazy)) {
            try (LadderSession session = ladder(limited, good)) {
                Status status = session.solve(LP, null, limits()).status();
                assertThat(status.key()).endsWith("-limit");
                assertThat(session.climbs()).isZero();
            }
        }
    }

    @Test
    void leavesOutWhoCannot() {
        Scripted linear = broken.only(Set.of(ProblemClass.LP), Set.of());
        Scripted picky = Scripted.like("picky", new ReferenceSolver()).refusing(q -> q.n() > 1);
        try (LadderSession session = ladder(linear, picky, good)) {
            assertThat(session.solve(QP, null, limits()).status()).isEqualTo(Status.OPTIMAL);
        }
        assertThat(linear.opened.get()).isZero();
        assertThat(picky.opened.get()).isZero();
        try (LadderSession session = ladder(linear)) {
            Solution s = session.solve(QP, null, limits());
            assertThat(s.status()).isEqualTo(Status.NUMERICAL_ERROR);
            assertThat(s.detail()).isEqualTo("broken does not solve QP");
        }
        try (LadderSession session = ladder(picky)) {
            assertThat(session.solve(QP, null, limits()).detail())
                    .isEqualTo("it is not in the script");
        }
    }

    @Test
    void theLastErrorIsTheAnswer() {
        try (LadderSession session = ladder(broken, broken)) {
            Solution s = session.solve(LP, null, limits());
            assertThat(s.status()).isEqualTo(Status.NUMERICAL_ERROR);
            assertThat(s.detail()).contains("no").contains("could not be verified");
        }
    }

    @Test
    void doesNotClimbPastTheDeadline() {
        try (LadderSession session = ladder(broken, good)) {
            Limits over = limits().withDeadline(System.nanoTime() - 1);
            assertThat(session.solve(LP, null, over).status()).isEqualTo(Status.TIME_LIMIT);
            assertThat(session.climbs()).isZero();
        }
    }

    /** Both sides of a line, the second going on from the first. */
    @Test
    void goesAlongLines() {
        Line line = new Line(LP, guess(), v(-1, -1), null, null);
        try (LadderSession session = ladder(good)) {
            List<Solution> sides =
                    session.solveAlong(
                            List.of(line, line), v(0.5, -0.25), LadderSessionTest::limits);
            assertThat(sides)
                    .extracting(Solution::status)
                    .containsExactly(Status.OPTIMAL, Status.OPTIMAL);
            assertThat(session.climbs()).isZero();
        }
        assertThat(good.solves.get()).isEqualTo(1);
        assertThat(good.resolves.get()).isEqualTo(1);
    }

    @Test
    void climbsOnLinesToo() {
        Line line = new Line(LP, guess(), v(-1, -1), null, null);
        try (LadderSession session = ladder(broken, good)) {
            List<Solution> sides =
                    session.solveAlong(
                            List.of(line, line), v(0.5, -0.25), LadderSessionTest::limits);
            Solution cold = session.solve(line.at(-0.25), null, limits());
            assertThat(sides.get(1).point()).isNotNull();
            assertThat(Objects.requireNonNull(sides.get(1).point()).x())
                    .containsExactly(Objects.requireNonNull(cold.point()).x());
            assertThat(session.climbs()).isEqualTo(3);
        }
    }

    private static WarmStart guess() {
        return new WarmStart(v(0.5, 1), null, null, null);
    }

    /** One program's numerical error sends that one up, and nobody else. */
    @Test
    void climbsAlone() {
        Scripted picky =
                Scripted.of(
                        "picky",
                        q ->
                                q.c()[0] > 0
                                        ? Claim.none(Status.NUMERICAL_ERROR, 1, "no")
                                        : new ReferenceSolver().open().solve(q, null, limits()));
        List<Program> batch =
                List.of(LP.withCost(v(-2, -1)), LP.withCost(v(2, -1)), LP.withCost(v(-1, -3)));
        try (LadderSession session = ladder(picky, good)) {
            List<Solution> all =
                    session.solveAll(
                            batch, Collections.nCopies(3, null), LadderSessionTest::limits);
            assertThat(all).extracting(Solution::status).containsOnly(Status.OPTIMAL);
            assertThat(session.climbs()).isEqualTo(1);
        }
        assertThat(good.solves.get()).isEqualTo(1);
    }

    @Test
    void closingAndCancellingAtAnyTime() {
        LadderSession session = ladder(good);
        session.cancel();
        session.close();
        session.close();
        session.cancel();
        assertThat(good.opened.get()).isZero();
    }
}
