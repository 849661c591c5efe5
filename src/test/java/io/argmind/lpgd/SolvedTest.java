package io.argmind.lpgd;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.problem.Field;
import io.argmind.problem.Program;
import io.argmind.problem.Programs;
import io.argmind.solution.Solution.Point;
import io.argmind.solver.LadderSession;
import io.argmind.solver.Limits;
import io.argmind.solver.Solver;
import io.argmind.testkit.Backends;
import io.argmind.testkit.Backward;
import io.argmind.testkit.Batch;
import io.argmind.testkit.Draw;
import io.argmind.testkit.Tiny;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a solve knows spares its differentiation work, and changes nothing. */
class SolvedTest {
    private static final int N = 5;
    private static final List<Program> PROGRAMS =
            Stream.of(1, 2, 3, 4, 5).map(seed -> Tiny.random(seed, N, 1, 4, true)).toList();

    private static Solver solver() {
        return Backends.taking(PROGRAMS).stream()
                .filter(s -> s.name().equals("interior"))
                .findFirst()
                .orElseThrow();
    }

    private static List<@Nullable Point> stars() {
        List<@Nullable Point> stars = new ArrayList<>();
        PROGRAMS.forEach(program -> stars.add(Backward.star(solver(), program)));
        return stars;
    }

    private static boolean[] each(boolean value) {
        boolean[] all = new boolean[PROGRAMS.size()];
        Arrays.fill(all, value);
        return all;
    }

    private static Gradients differentiate(Solved solved, LpgdSettings settings) {
        Programs programs = Batch.of(PROGRAMS);
        Upstream g = Backward.x(new Draw(7).gaussians(N * PROGRAMS.size()));
        BackwardPass pass =
                new BackwardPass(programs, solved, g, settings, programs.fields(), false);
        try (LadderSession session =
                new LadderSession(Backends.only(solver()), Backends.referees())) {
            pass.differentiate(0, programs.size(), () -> session, Limits::generous);
        }
        return pass.gradients();
    }

    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"LPGD", "IMPLICIT"})
    void knownSolutionsHaveTheGradientsOfUnknownOnes(Method method) {
        List<@Nullable Point> stars = stars();
        Gradients expected = differentiate(Solved.of(stars), Backward.with(method));
        assertThat(expected.status()).containsOnly(BackwardStatus.OK);
        for (boolean definite : new boolean[] {false, true}) {
            Solved known = new Solved(stars, each(true), each(definite));
            Gradients found = differentiate(known, Backward.with(method));
            assertThat(found.status()).isEqualTo(expected.status());
            assertThat(found.degenerate()).isEqualTo(expected.degenerate());
            for (Field field : Field.values()) {
                assertThat(Backward.of(found, field))
                        .as("%s", field)
                        .containsExactly(Backward.of(expected, field));
            }
        }
    }

    @Test
    void whatIsNotKnownToBeOptimalIsLookedAt() {
        List<@Nullable Point> stars = stars();
        Point star = stars.get(2);
        assertThat(star).isNotNull();
        double[] away = star.x().clone();
        away[0] += 10;
        stars.set(2, new Point(away, star.y(), star.z(), star.s(), star.zBox(), star.objective()));
        boolean[] optimal = each(true);
        optimal[2] = false;
        Solved solved = new Solved(stars, optimal, each(true));
        List<BackwardStatus> status = differentiate(solved, Backward.with(Method.LPGD)).status();
        assertThat(status.get(2)).isEqualTo(BackwardStatus.FORWARD_FAILED);
        assertThat(status).filteredOn(s -> s == BackwardStatus.OK).hasSize(PROGRAMS.size() - 1);
    }
}
