package io.argmind.solver.interior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.linalg.Matrix;
import io.argmind.problem.Program;
import io.argmind.solution.Solution.Point;
import io.argmind.solution.Verifier;
import io.argmind.solver.interior.LanePrograms.Kind;
import io.argmind.testkit.Draw;
import io.argmind.testkit.Known;
import io.argmind.testkit.Manufactured;
import io.argmind.testkit.Shape;
import io.argmind.testkit.Shape.Curvature;
import io.argmind.testkit.Sort;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EquilibratedTest {
    private static double[] ones(int length) {
        return LanePrograms.filled(length, 1);
    }

    /** Rows, columns and cost of a program times 10^-6, ..., 10^6. */
    private static Program unscaled(Known known, Draw draw) {
        Program q = known.program();
        double[] col = powers(draw, q.n());
        double[] rowA = powers(draw, q.p());
        double[] rowG = powers(draw, q.m());
        double cost = powers(draw, 1)[0];
        double[] c = q.c().clone();
        double[] b = q.b().clone();
        double[] h = q.h().clone();
        double[] lb = q.lb().clone();
        double[] ub = q.ub().clone();
        for (int i = 0; i < c.length; i++) {
            c[i] *= cost * col[i];
            lb[i] /= col[i];
            ub[i] /= col[i];
        }
        for (int i = 0; i < b.length; i++) {
            b[i] *= rowA[i];
        }
        for (int i = 0; i < h.length; i++) {
            h[i] *= rowG[i];
        }
        return new Program(
                scaled(q.P(), col, col, cost),
                c,
                scaled(q.A(), rowA, col, 1),
                b,
                scaled(q.G(), rowG, col, 1),
                h,
                lb,
                ub,
                q.integers());
    }

    private static double[] powers(Draw draw, int length) {
        double[] x = new double[length];
        for (int i = 0; i < length; i++) {
            x[i] = Math.pow(10, draw.integer(-6, 6));
        }
        return x;
    }

    private static Matrix scaled(Matrix matrix, double[] rows, double[] cols, double factor) {
        double[] values = new double[matrix.nnz()];
        int[] at = new int[1];
        matrix.forEach((i, j, v) -> values[at[0]++] = v * rows[i] * cols[j] * factor);
        return new Matrix(matrix.pattern(), values, 0);
    }

    private static List<Program> programs(Sort sort) {
        List<Program> all = new ArrayList<>();
        for (Curvature curvature : Curvature.values()) {
            for (int seed = 0; seed < 8; seed++) {
                Draw draw = new Draw(seed);
                Known known = Manufactured.of(seed, sort.shape(draw, curvature));
                all.add(known.program());
                all.add(unscaled(known, draw));
            }
        }
        return all;
    }

    private static boolean isFixed(Program q, int i) {
        return q.lb()[i] == q.ub()[i];
    }

    private static void assertPowersOfTwo(double[] factors) {
        for (double f : factors) {
            assertThat(f).isEqualTo(Math.scalb(1.0, Math.getExponent(f)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void factorsArePowersOfTwo(Sort sort) {
        for (Program q : programs(sort)) {
            Equilibrated e = Equilibrated.of(q);
            double[] x = e.scaledX(ones(q.n()));
            double[] box = e.scaledBox(ones(q.n()));
            double[] cost = e.scaledCost(ones(q.n()));
            for (int i = 0; i < q.n(); i++) {
                if (isFixed(q, i)) {
                    assertThat(new double[] {x[i], box[i], cost[i]}).containsOnly(0);
                } else {
                    assertPowersOfTwo(new double[] {x[i], box[i], cost[i]});
                }
            }
            assertPowersOfTwo(e.scaledY(ones(q.p())));
            assertPowersOfTwo(e.scaledZ(ones(q.m())));
            assertPowersOfTwo(e.scaledB(ones(q.p())));
            assertPowersOfTwo(e.scaledH(ones(q.m())));
        }
    }

    /** There and back, bit for bit; fixed variables have their value, and the multiplier it takes. */
    @ParameterizedTest
    @EnumSource
    void recoverIsTheInverse(Sort sort) {
        for (Program q : programs(sort)) {
            Equilibrated e = Equilibrated.of(q);
            Draw draw = new Draw(q.n());
            double[] x = draw.gaussians(q.n());
            double[] y = draw.gaussians(q.p());
            double[] z = draw.gaussians(q.m());
            double[] box = draw.gaussians(q.n());
            double[] x2 = e.scaledX(x);
            double[] y2 = e.scaledY(y);
            double[] z2 = e.scaledZ(z);
            double[] box2 = e.scaledBox(box);
            e.recoverX(x2);
            e.recoverDuals(x2, y2, z2, box2);
            double[] r = q.objectiveGradient(x2);
            q.A().addTransposeTimes(1, y, r);
            q.G().addTransposeTimes(1, z, r);
            for (int i = 0; i < q.n(); i++) {
                assertThat(x2[i]).isEqualTo(isFixed(q, i) ? q.lb()[i] : x[i]);
                assertThat(box2[i])
                        .isCloseTo(
                                isFixed(q, i) ? -r[i] : box[i],
                                within(isFixed(q, i) ? 1e-12 * Math.abs(r[i]) : 0));
            }
            assertThat(y2).containsExactly(y);
            assertThat(z2).containsExactly(z);
        }
    }

    /** P^ = k C P C and so on, bit for bit where no variable is fixed. */
    @ParameterizedTest
    @EnumSource
    void theScaledProgram(Sort sort) {
        for (Program q : programs(sort)) {
            Equilibrated e = Equilibrated.of(q);
            double[] inverseC = e.scaledX(ones(q.n()));
            double[] kC = e.scaledCost(ones(q.n()));
            double[] R = e.scaledB(ones(q.p()));
            double[] S = e.scaledH(ones(q.m()));
            Program s = e.program();
            for (int i = 0; i < q.n(); i++) {
                if (isFixed(q, i)) {
                    assertThat(s.lb()[i]).isEqualTo(Double.NEGATIVE_INFINITY);
                    assertThat(s.ub()[i]).isEqualTo(Double.POSITIVE_INFINITY);
                    assertThat(s.c()[i]).isZero();
                } else {
                    assertThat(s.lb()[i]).isEqualTo(q.lb()[i] * inverseC[i]);
                    assertThat(s.ub()[i]).isEqualTo(q.ub()[i] * inverseC[i]);
                }
            }
            double[] P = s.P().toDense();
            double[] A = s.A().toDense();
            double[] G = s.G().toDense();
            int n = q.n();
            q.P().forEach((i, j, v) -> {
                boolean gone = isFixed(q, i) || isFixed(q, j);
                assertThat(gone || P[i * n + j] == v * kC[i] / inverseC[j]).isTrue();
            });
            q.A().forEach((i, j, v) ->
                    assertThat(A[i * n + j]).isEqualTo(isFixed(q, j) ? 0 : v * R[i] / inverseC[j]));
            q.G().forEach((i, j, v) ->
                    assertThat(G[i * n + j]).isEqualTo(isFixed(q, j) ? 0 : v * S[i] / inverseC[j]));
        }
    }

    /** Whatever the units were, rows, columns and cost are of ordinary size afterwards. */
    @ParameterizedTest
    @EnumSource
    void comparable(Sort sort) {
        for (Program q : programs(sort)) {
            Program s = Equilibrated.of(q).program();
            double[] col = new double[q.n()];
            double[] rowA = new double[q.p()];
            double[] rowG = new double[q.m()];
            s.A().forEach((i, j, v) -> {
                rowA[i] = Math.max(rowA[i], Math.abs(v));
                col[j] = Math.max(col[j], Math.abs(v));
            });
            s.G().forEach((i, j, v) -> {
                rowG[i] = Math.max(rowG[i], Math.abs(v));
                col[j] = Math.max(col[j], Math.abs(v));
            });
            assertComparable(rowA);
            assertComparable(rowG);
            boolean linear = s.P().isZero();
            if (linear) {
                assertComparable(col);
            }
            double cost = s.P().maxAbs();
            for (double v : s.c()) {
                cost = Math.max(cost, Math.abs(v));
            }
            assertThat(cost == 0 || (cost > 1e-4 && cost < 1e4)).as("cost %s", cost).isTrue();
        }
    }

    private static void assertComparable(double[] norms) {
        for (double v : norms) {
            assertThat(v == 0 || (v <= 128 && v >= 1.0 / 128)).as("%s", v).isTrue();
        }
    }

    /** The optimum goes along. */
    @ParameterizedTest
    @EnumSource
    void optimaStayOptimal(Sort sort) {
        for (Curvature curvature : Curvature.values()) {
            for (int seed = 0; seed < 8; seed++) {
                Shape shape = sort.shape(new Draw(seed), curvature).withDecades(4);
                Known known = Manufactured.of(seed, shape);
                Equilibrated e = Equilibrated.of(known.program());
                Point there =
                        Verifier.complete(
                                e.program(),
                                e.scaledX(known.x()),
                                e.scaledY(known.y()),
                                e.scaledZ(known.z()),
                                e.scaledBox(known.zBox()));
                assertThat(Verifier.relativeError(e.program(), there)).isLessThan(1e-11);
            }
        }
    }

    @Test
    void ordinaryProgramsStayAsTheyAre() {
        for (Kind kind : Kind.values()) {
            Program q = LanePrograms.good(kind, 1);
            Program free =
                    q.withBounds(
                            LanePrograms.filled(kind.n, -1e6), LanePrograms.filled(kind.n, 1e6));
            assertThat(Equilibrated.of(free).program()).isSameAs(free);
        }
    }

    /** No factor is zero, infinite or not a number, whatever the data. */
    @ParameterizedTest
    @EnumSource
    void extremes(Kind kind) {
        for (Program q : LanePrograms.bad(kind, 9)) {
            Equilibrated e = Equilibrated.of(q);
            for (double[] factors :
                    List.of(
                            e.scaledX(ones(q.n())),
                            e.scaledY(ones(q.p())),
                            e.scaledZ(ones(q.m())),
                            e.scaledCost(ones(q.n())))) {
                for (int i = 0; i < factors.length; i++) {
                    assertThat(factors[i]).isFinite().isNotNegative();
                }
            }
        }
    }
}
