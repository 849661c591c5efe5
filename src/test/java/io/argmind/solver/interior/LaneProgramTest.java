package io.argmind.solver.interior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.linalg.Lanes;
import io.argmind.linalg.Matrix;
import io.argmind.linalg.Pattern;
import io.argmind.linalg.Vectors;
import io.argmind.problem.Program;
import io.argmind.solver.interior.LanePrograms.Kind;
import io.argmind.testkit.Draw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows and bounds as one set of inequalities, against a program that has bounds as rows of G. */
class LaneProgramTest {
    private static final int W = Lanes.WIDTH;

    /** Programs in lanes, and each with all of its inequalities E x &lt;= e as rows. */
    private static final class Group {
        final List<Program> programs = new ArrayList<>();
        final List<Program> rows = new ArrayList<>();
        final Structure structure;
        final LaneProgram lanes;

        Group(Kind kind, long seed) {
            for (int l = 0; l < W; l++) {
                programs.add(LanePrograms.good(kind, seed + l));
            }
            structure = Structure.of(programs);
            lanes = new LaneProgram(structure);
            for (int l = 0; l < W; l++) {
                lanes.put(l, programs.get((l + 1) % W));
                lanes.put(l, programs.get(l));
                rows.add(withBoundsAsRows(programs.get(l)));
            }
        }

        private Program withBoundsAsRows(Program q) {
            int n = q.n();
            int M = structure.inequalities();
            double[] E = Arrays.copyOf(q.G().toDense(), M * n);
            double[] e = Arrays.copyOf(q.h(), M);
            int row = q.m();
            for (int i : structure.lower()) {
                E[row * n + i] = -1;
                e[row++] = -q.lb()[i];
            }
            for (int i : structure.upper()) {
                E[row * n + i] = 1;
                e[row++] = q.ub()[i];
            }
            return new Program(
                    q.P(),
                    q.c(),
                    q.A(),
                    q.b(),
                    new Matrix(Pattern.dense(M, n), E, 0),
                    e,
                    LanePrograms.filled(n, Double.NEGATIVE_INFINITY),
                    LanePrograms.filled(n, Double.POSITIVE_INFINITY),
                    q.integers());
        }
    }

    @ParameterizedTest
    @EnumSource
    void weightsSayWhichRowsExist(Kind kind) {
        Group group = new Group(kind, 5);
        LaneProgram q = group.lanes;
        assertThat(q.M).isEqualTo(group.structure.inequalities());
        for (int l = 0; l < W; l++) {
            double[] e = group.rows.get(l).h();
            double count = 0;
            for (int i = 0; i < q.M; i++) {
                boolean exists = Double.isFinite(e[i]);
                count += exists ? 1 : 0;
                assertThat(q.w[i * W + l]).isEqualTo(exists ? 1 : 0);
                assertThat(q.e[i * W + l]).isEqualTo(exists ? e[i] : 0);
            }
            assertThat(q.count[l]).isEqualTo(count);
            assertThat(Lanes.take(q.c, q.n, l)).containsExactly(group.programs.get(l).c());
            assertThat(Lanes.take(q.b, q.p, l)).containsExactly(group.programs.get(l).b());
        }
    }

    @ParameterizedTest
    @EnumSource
    void products(Kind kind) {
        Group group = new Group(kind, 30);
        LaneProgram q = group.lanes;
        Draw draw = new Draw(kind.n);
        double[] x = draw.gaussians(q.n * W);
        double[] y = draw.gaussians(q.p * W);
        double[] z = draw.gaussians(q.M * W);
        double[] Ex = Lanes.vector(q.M);
        double[] Etz = Lanes.vector(q.n);
        double[] rx = draw.gaussians(q.n * W);
        double[] ry = draw.gaussians(q.p * W);
        q.addE(x, Ex);
        q.addETransposed(z, Etz);
        q.residuals(x, y, z, rx, ry);
        for (int l = 0; l < W; l++) {
            Program rows = group.rows.get(l);
            double[] xl = Lanes.take(x, q.n, l);
            double[] zl = Lanes.take(z, q.M, l);
            double[] r = rows.G().transposeTimes(zl);
            KktSystemTest.assertClose(Lanes.take(Ex, q.M, l), rows.G().times(xl), 1e-13);
            KktSystemTest.assertClose(Lanes.take(Etz, q.n, l), r, 1e-13);
            rows.A().addTransposeTimes(1, Lanes.take(y, q.p, l), r);
            Vectors.addTimes(1, rows.objectiveGradient(xl), r);
            KktSystemTest.assertClose(Lanes.take(rx, q.n, l), r, 1e-13);
            double[] ax = Vectors.minus(rows.A().times(xl), rows.b());
            KktSystemTest.assertClose(Lanes.take(ry, q.p, l), ax, 1e-13);
        }
    }

    @ParameterizedTest
    @EnumSource
    void solutions(Kind kind) {
        for (int seed = 0; seed < 10; seed++) {
            Group group = new Group(kind, 50L * seed);
            LaneProgram q = group.lanes;
            Draw draw = new Draw(seed);
            double[] deltaX = draw.gaussians(W);
            double[] deltaY = draw.gaussians(q.p * W);
            double[] D = draw.gaussians(q.M * W);
            for (double[] v : List.of(deltaX, deltaY, D)) {
                Arrays.setAll(v, i -> 0.1 + Math.abs(v[i]));
            }
            for (int i = 0; i < D.length; i++) {
                D[i] *= q.w[i];
            }
            double[] rx = draw.gaussians(q.n * W);
            double[] ry = draw.gaussians(q.p * W);
            double[] rz = draw.gaussians(q.M * W);
            LaneDirection d = new LaneDirection(q);
            q.factor(D, deltaX, deltaY);
            q.solve(rx, ry, rz, d);
            for (int l = 0; l < W; l++) {
                double[] expected =
                        KktSystemTest.reference(
                                group.rows.get(l),
                                LanePrograms.filled(q.n, deltaX[l]),
                                Lanes.take(deltaY, q.p, l),
                                Lanes.take(D, q.M, l),
                                KktSystemTest.concat(
                                        Lanes.take(rx, q.n, l),
                                        Lanes.take(ry, q.p, l),
                                        Lanes.take(rz, q.M, l)));
                double[] dx = Lanes.take(d.x, q.n, l);
                double[] dy = Lanes.take(d.y, q.p, l);
                double[] dz = Lanes.take(d.z, q.M, l);
                KktSystemTest.assertClose(KktSystemTest.concat(dx, dy, dz), expected, 1e-10);
                double[] Edx = group.rows.get(l).G().times(dx);
                KktSystemTest.assertClose(Lanes.take(d.Ex, q.M, l), Edx, 1e-13);
            }
        }
    }

    /** Multipliers of bounds to z_box and back. */
    @ParameterizedTest
    @EnumSource
    void boxes(Kind kind) {
        Group group = new Group(kind, 70);
        LaneProgram q = group.lanes;
        Draw draw = new Draw(kind.n);
        for (int l = 0; l < W; l++) {
            double[] rows = draw.gaussians(q.m);
            double[] box = new double[q.n];
            for (int i : group.structure.lower()) {
                box[i] = -draw.positive();
            }
            for (int i : group.structure.upper()) {
                box[i] = draw.chance(0.5) ? draw.positive() : box[i];
            }
            double[] z = draw.gaussians(q.M * W);
            double[] before = z.clone();
            q.putMultipliers(l, rows, box, z);
            assertThat(q.box(z, l)).containsExactly(box, within(0.0));
            assertThat(Lanes.take(z, q.m, l)).containsExactly(rows);
            for (int i = 0; i < z.length; i++) {
                assertThat(i % W == l || z[i] == before[i]).isTrue();
                assertThat(i % W != l || i < q.m * W || z[i] >= 0).isTrue();
            }
        }
    }
}
