package io.argmind.solver.interior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.linalg.Lanes;
import io.argmind.linalg.LinearSystem;
import io.argmind.linalg.Vectors;
import io.argmind.problem.Program;
import io.argmind.solver.interior.LanePrograms.Kind;
import io.argmind.testkit.Draw;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both systems against one dense matrix per lane. */
class KktSystemTest {
    private static final int W = Lanes.WIDTH;

    private final List<Program> programs = new ArrayList<>();

    private List<KktSystem> systems(Kind kind, long seed) {
        programs.clear();
        for (int l = 0; l < W; l++) {
            programs.add(LanePrograms.good(kind, seed + l));
        }
        Structure structure = Structure.of(programs);
        List<KktSystem> systems = new ArrayList<>();
        systems.add(new CondensedSystem(structure));
        if (structure.isDiagonal() && kind.p + kind.m > 0) {
            systems.add(new NormalSystem(structure));
        }
        for (KktSystem system : systems) {
            for (int l = 0; l < W; l++) {
                system.put(l, LanePrograms.good(kind, 900 + l)); // to be overwritten
                system.put(l, programs.get(l));
            }
        }
        return systems;
    }

    @ParameterizedTest
    @EnumSource
    void products(Kind kind) {
        Draw draw = new Draw(kind.n);
        for (KktSystem system : systems(kind, 10)) {
            double[] x = draw.gaussians(kind.n * W);
            double[] y = draw.gaussians(kind.p * W);
            double[] z = draw.gaussians(kind.m * W);
            double[] rx = draw.gaussians(kind.n * W);
            double[] ry = draw.gaussians(kind.p * W);
            double[] rz = draw.gaussians(kind.m * W);
            double[] rx2 = rx.clone();
            double[] ry2 = ry.clone();
            double[] rz2 = rz.clone();
            double[] rx3 = rx.clone();
            system.addProducts(x, y, rx2, ry2);
            system.addG(x, rz2);
            system.addGTransposed(z, rx3);
            for (int l = 0; l < W; l++) {
                Program q = programs.get(l);
                double[] xl = Lanes.take(x, kind.n, l);
                double[] expectedX = Lanes.take(rx, kind.n, l);
                q.P().addTimes(1, xl, expectedX);
                q.A().addTransposeTimes(1, Lanes.take(y, kind.p, l), expectedX);
                assertClose(Lanes.take(rx2, kind.n, l), expectedX, 1e-13);
                double[] expectedY = Lanes.take(ry, kind.p, l);
                q.A().addTimes(1, xl, expectedY);
                assertClose(Lanes.take(ry2, kind.p, l), expectedY, 1e-13);
                double[] expectedZ = Lanes.take(rz, kind.m, l);
                q.G().addTimes(1, xl, expectedZ);
                assertClose(Lanes.take(rz2, kind.m, l), expectedZ, 1e-13);
                double[] transposed = Lanes.take(rx, kind.n, l);
                q.G().addTransposeTimes(1, Lanes.take(z, kind.m, l), transposed);
                assertClose(Lanes.take(rx3, kind.n, l), transposed, 1e-13);
            }
        }
    }

    /** Diagonals of ordinary size, and rows that are taken out, other ones in every lane. */
    @ParameterizedTest
    @EnumSource
    void solutions(Kind kind) {
        for (int seed = 0; seed < 10; seed++) {
            for (KktSystem system : systems(kind, 20L * seed)) {
                Draw draw = new Draw(seed);
                assertSolves(kind, system, draw, seed % 3 == 2 ? 0 : 1);
            }
        }
    }

    private void assertSolves(Kind kind, KktSystem system, Draw draw, double keep) {
        double[] B = positives(draw, kind.n);
        double[] delta = positives(draw, kind.p);
        double[] D = positives(draw, kind.m);
        for (int i = 0; i < D.length; i++) {
            D[i] *= draw.chance(0.3) ? 0 : keep;
        }
        double[] rx = draw.gaussians(kind.n * W);
        double[] ry = draw.gaussians(kind.p * W);
        double[] rz = draw.gaussians(kind.m * W);
        double[] given = concat(rx, ry, rz);
        double[] dx = Lanes.vector(kind.n);
        double[] dy = Lanes.vector(kind.p);
        double[] dz = Lanes.vector(kind.m);
        system.factor(B, delta, D);
        double[] Gdx = draw.gaussians(kind.m * W); // of which nothing may be left
        system.solve(rx, ry, rz, dx, dy, dz, Gdx);
        assertThat(concat(rx, ry, rz)).containsExactly(given);
        for (int l = 0; l < W; l++) {
            double[] expected =
                    reference(
                            programs.get(l),
                            Lanes.take(B, kind.n, l),
                            Lanes.take(delta, kind.p, l),
                            Lanes.take(D, kind.m, l),
                            concat(
                                    Lanes.take(rx, kind.n, l),
                                    Lanes.take(ry, kind.p, l),
                                    Lanes.take(rz, kind.m, l)));
            double[] found =
                    concat(
                            Lanes.take(dx, kind.n, l),
                            Lanes.take(dy, kind.p, l),
                            Lanes.take(dz, kind.m, l));
            assertClose(found, expected, 1e-10);
            double[] moved = programs.get(l).G().times(Lanes.take(dx, kind.n, l));
            assertClose(Lanes.take(Gdx, kind.m, l), moved, 1e-12);
            for (int i = 0; i < kind.m; i++) {
                if (D[i * W + l] == 0) {
                    assertThat(dz[i * W + l]).isZero();
                }
            }
        }
    }

    private static double[] positives(Draw draw, int length) {
        double[] x = new double[length * W];
        for (int i = 0; i < x.length; i++) {
            x[i] = draw.positive();
        }
        return x;
    }

    static double[] concat(double[] x, double[] y, double[] z) {
        double[] out = new double[x.length + y.length + z.length];
        System.arraycopy(x, 0, out, 0, x.length);
        System.arraycopy(y, 0, out, x.length, y.length);
        System.arraycopy(z, 0, out, x.length + y.length, z.length);
        return out;
    }

    /** [P + B, A', G'; A, -delta; D G, -1], which needs no inverse of D. */
    static double[] reference(Program q, double[] B, double[] delta, double[] D, double[] r) {
        int n = q.n();
        int p = q.p();
        int size = r.length;
        double[] k = new double[size * size];
        q.P().forEach((i, j, v) -> k[i * size + j] += v);
        q.A()
                .forEach((i, j, v) -> {
                    k[(n + i) * size + j] += v;
                    k[j * size + n + i] += v;
                });
        q.G()
                .forEach((i, j, v) -> {
                    k[(n + p + i) * size + j] += D[i] * v;
                    k[j * size + n + p + i] += v;
                });
        double[] right = r.clone();
        for (int i = 0; i < n; i++) {
            k[i * size + i] += B[i];
        }
        for (int i = 0; i < p; i++) {
            k[(n + i) * size + n + i] -= delta[i];
        }
        for (int i = 0; i < q.m(); i++) {
            k[(n + p + i) * size + n + p + i] -= 1;
            right[n + p + i] *= D[i];
        }
        return new LinearSystem(k, size).solve(right);
    }

    static void assertClose(double[] actual, double[] expected, double accuracy) {
        double scale = 1 + Vectors.normInf(expected);
        assertThat(actual).containsExactly(expected, within(accuracy * scale));
    }
}
