package io.argmind.solver.interior;

import io.argmind.linalg.Matrix;
import io.argmind.linalg.Pattern;
import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.Line;
import io.argmind.solver.Session;
import io.argmind.solver.WarmStart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Dense quadratic programs with n inequalities and n / 2 equalities, time per instance: a batch
 * from scratch, both sides of LPGD's lines from known solutions, and the programs one by one.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class LaneGroupBench {
    private static final int BATCH = 64;

    /** Small, as for quadratic programs. */
    private static final double TAU = 1e-3;

    @Param({"10", "50", "100"})
    int n;

    private final Session session = new InteriorSolver().open();
    private final List<Program> programs = new ArrayList<>();
    private final List<@Nullable WarmStart> cold = Collections.nCopies(BATCH, null);
    private final List<Line> lines = new ArrayList<>(); // each one twice
    private final double[] sigma = new double[2 * BATCH];

    @Setup
    public void setUp() {
        Random random = new Random(1);
        for (int k = 0; k < BATCH; k++) {
            programs.add(program(random));
        }
        List<Claim> claims = requireOptimal(solve());
        for (int k = 0; k < BATCH; k++) {
            Claim at = claims.get(k);
            double[] x = Objects.requireNonNull(at.x());
            WarmStart solution = new WarmStart(x, at.y(), at.z(), at.zBox());
            Line line = new Line(programs.get(k), solution, gaussians(random, n), null, null);
            lines.addAll(List.of(line, line));
            sigma[2 * k] = TAU;
            sigma[2 * k + 1] = -TAU;
        }
        requireOptimal(solveAlong());
        requireOptimal(oneByOne());
    }

    private Program program(Random random) {
        double[] root = gaussians(random, n * n);
        double[] P = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double sum = i == j ? 0.1 : 0;
                for (int k = 0; k < n; k++) {
                    sum += root[i * n + k] * root[j * n + k] / n;
                }
                P[i * n + j] = sum;
            }
        }
        Matrix A = dense(n / 2, gaussians(random, n / 2 * n));
        Matrix G = dense(n, gaussians(random, n * n));
        double[] inside = gaussians(random, n);
        double[] h = G.times(inside);
        for (int i = 0; i < n; i++) {
            h[i] += random.nextDouble();
        }
        double[] none = new double[n];
        Arrays.fill(none, Double.POSITIVE_INFINITY);
        double[] lb = new double[n];
        Arrays.fill(lb, Double.NEGATIVE_INFINITY);
        double[] c = gaussians(random, n);
        return new Program(dense(n, P), c, A, A.times(inside), G, h, lb, none, new int[0]);
    }

    private Matrix dense(int rows, double[] values) {
        return new Matrix(Pattern.dense(rows, n), values, 0);
    }

    private static double[] gaussians(Random random, int length) {
        double[] x = new double[length];
        Arrays.setAll(x, i -> random.nextGaussian());
        return x;
    }

    private static List<Claim> requireOptimal(List<Claim> claims) {
        for (Claim claim : claims) {
            if (claim.status() != Status.OPTIMAL) {
                throw new IllegalStateException("not solved: " + claim.status());
            }
        }
        return claims;
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public List<Claim> solve() {
        return session.solveAll(programs, cold, Limits::generous);
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public List<Claim> solveAlong() {
        return session.solveAlong(lines, sigma, Limits::generous);
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public List<Claim> oneByOne() {
        List<Claim> claims = new ArrayList<>();
        for (Program program : programs) {
            claims.add(session.solve(program, null, Limits.generous()));
        }
        return claims;
    }

    @TearDown
    public void tearDown() {
        session.close();
    }
}
