package io.argmind.solver;

import static io.argmind.testkit.Write.cost;
import static io.argmind.testkit.Write.curved;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.argmind.problem.InvalidProblemException;
import io.argmind.problem.ProblemClass;
import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.testkit.Scripted;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SolversTest {
    private static final Program LP = cost(1, 2, 3);
    private static final Program QP = curved(cost(1), 1);

    private static Scripted scripted(String name, double seconds, ProblemClass... classes) {
        return unsafe(name, seconds, classes, classes);
    }

    private static Scripted unsafe(
            String name, double seconds, ProblemClass[] classes, ProblemClass[] safe) {
        return Scripted.of(name, q -> Claim.none(Status.NUMERICAL_ERROR, 0, null))
                .only(Set.of(classes), Set.of(safe))
                .taking(seconds);
    }

    private final Scripted slow = scripted("slow", 5e-3, ProblemClass.LP, ProblemClass.QP);
    private final Scripted fast = scripted("fast", 2e-3, ProblemClass.LP);
    private final Scripted fastest =
            unsafe("fastest", 1e-3, new ProblemClass[] {ProblemClass.LP}, new ProblemClass[0]);
    private final Scripted slower = scripted("slower", 7e-3, ProblemClass.LP, ProblemClass.MILP);
    private final Scripted slowest = scripted("slowest", 9e-3, ProblemClass.LP);
    private final Solvers solvers = new Solvers(List.of(slow, fast, fastest, slower, slowest));

    private static List<String> names(Plan plan) {
        return plan.ladder().stream().map(Solver::name).toList();
    }

    @Test
    void autoTakesTheFastestThatKeepsTimeLimits() {
        Plan plan = solvers.plan("auto", ProblemClass.LP, List.of(LP));
        assertThat(names(plan)).containsExactly("fast", "slow", "slower");
        assertThat(plan.name()).isEqualTo("fast");
        assertThat(plan.first()).isSameAs(fast);
        assertThat(plan.reason())
                .isEqualTo(
                        "LP with 3 variables and 0 rows: fast is expected to be the fastest (2.0 ms each)"
                                + " of fast, slow, slower");
        assertThat(names(solvers.plan("auto", ProblemClass.QP, List.of(QP))))
                .containsExactly("slow");
    }

    @Test
    void autoAsksOnlyThoseThatTakeEveryInstance() {
        fast.refusing(q -> q.n() == 1);
        Plan plan = solvers.plan("auto", ProblemClass.LP, List.of(LP, cost(1)));
        assertThat(names(plan)).containsExactly("slow", "slower", "slowest");
    }

    @Test
    void autoWithoutInstances() {
        Plan plan = solvers.plan("auto", ProblemClass.LP, List.of());
        assertThat(plan.ladder()).isNotEmpty().doesNotContain(fastest);
        assertThat(plan.reason()).isEqualTo("an empty batch");
    }

    @Test
    void autoWithoutAnyone() {
        assertInvalid(
                () -> solvers.plan("auto", ProblemClass.MIQP, List.of(QP)),
                "no solver here can do programs of class MIQP");
    }

    @Test
    void named() {
        Plan plan = solvers.plan("fastest", ProblemClass.LP, List.of(LP));
        assertThat(names(plan)).containsExactly("fastest");
        assertThat(plan.reason()).isEqualTo("named in the request");
        assertThat(names(solvers.plan("slower", ProblemClass.MILP, List.of())))
                .containsExactly("slower");
    }

    @Test
    void namedWrongly() {
        assertInvalid(
                () -> solvers.plan("gurobi", ProblemClass.LP, List.of(LP)),
                "unknown solver 'gurobi', expected auto or one of slow, fast, fastest, slower, slowest");
        assertInvalid(
                () -> solvers.plan("fast", ProblemClass.QP, List.of(QP)),
                "fast does not solve programs of class QP; these do: slow");
        slow.refusing(q -> q.n() == 1);
        assertInvalid(
                () ->
                        solvers.plan(
                                "slow",
                                ProblemClass.QP,
                                List.of(curved(LP, 1, 0, 0, 0, 1, 0, 0, 0, 1), QP)),
                "slow cannot take instance 1: it is not in the script");
    }

    @Test
    void nobodySolvesIt() {
        assertInvalid(
                () -> solvers.plan(Solvers.AUTO, ProblemClass.CONIC, List.of()),
                "no solver here can do programs of class CONIC");
    }

    private static void assertInvalid(Runnable plan, String detail) {
        assertThatThrownBy(plan::run)
                .isInstanceOfSatisfying(
                        InvalidProblemException.class,
                        e -> {
                            assertThat(e.errors()).hasSize(1);
                            assertThat(e.errors().getFirst().pointer()).isEqualTo("/solver");
                            assertThat(e.errors().getFirst().detail()).isEqualTo(detail);
                        });
    }

    @Test
    void refereesGiveMultipliers() {
        Referees referees = solvers.referees();
        assertThat(referees.lp()).isSameAs(slow);
        assertThat(referees.qp()).isSameAs(slow);
        assertThat(referees.mip()).containsExactly(slower);
        assertThatThrownBy(() -> new Solvers(List.of(fastest)).referees())
                .hasMessage("no LP solver gives duals");
    }
}
