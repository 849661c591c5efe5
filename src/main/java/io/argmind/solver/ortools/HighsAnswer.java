package io.argmind.solver.ortools;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.argmind.linalg.Vectors;
import io.argmind.problem.Program;
import io.argmind.solution.Certificate;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * What comes out of HiGHS, in this service's signs. HiGHS' multiplier of a row is the derivative of
 * the optimal value by the row's bound, and its multiplier of a variable the reduced cost Px + c -
 * [A; G]'(row multipliers). Hence y, z and z_box are minus HiGHS' row, row and column multipliers.
 * Its dual ray has the signs of its row multipliers; its primal ray is a direction of x.
 */
final class HighsAnswer {
    private static final int FEASIBLE_POINT = 2;

    private final HighsInstance instance;
    private final HighsModel model;
    private final MemorySegment highs;

    HighsAnswer(HighsInstance instance, HighsModel model) {
        this.instance = instance;
        this.model = model;
        this.highs = instance.pointer();
    }

    /**
     * The claim of a run of this program.
     *
     * @param before iterations of earlier runs that this one went on from
     */
    Claim of(Program program, HighsStatus status, long before) {
        long iterations = before + iterations(program);
        Claim claim =
                switch (status) {
                    case OPTIMAL -> point(program, Status.OPTIMAL, iterations);
                    case INFEASIBLE -> infeasible(program, iterations);
                    case UNBOUNDED -> unbounded(program, iterations);
                    case UNBOUNDED_OR_INFEASIBLE -> either(program, iterations);
                    case TIME_LIMIT -> stopped(program, Status.TIME_LIMIT, iterations, null);
                    case CANCELLED -> stopped(program, Status.TIME_LIMIT, iterations, "cancelled");
                    case ITERATION_LIMIT ->
                            stopped(program, Status.ITERATION_LIMIT, iterations, null);
                    case UNDECIDED ->
                            Claim.none(Status.NUMERICAL_ERROR, iterations, "the solver gave up");
                };
        return program.hasIntegers() && claim.x() != null ? claim.withBound(bound()) : claim;
    }

    /** Whether HiGHS has a point that satisfies the constraints to its tolerance. */
    boolean hasFeasiblePoint() {
        return instance.intInfo("primal_solution_status") == FEASIBLE_POINT;
    }

    /** Of the last run: nodes of programs with integers, otherwise pivots. */
    long iterations(Program program) {
        if (program.hasIntegers()) {
            return Math.max(0, instance.longInfo("mip_node_count"));
        }
        long simplex = Math.max(0, instance.intInfo("simplex_iteration_count"));
        return simplex + Math.max(0, instance.intInfo("qp_iteration_count"));
    }

    private double bound() {
        double bound = instance.doubleInfo("mip_dual_bound");
        return Double.isInfinite(bound) ? Double.NaN : bound;
    }

    private Claim stopped(
            Program program, Status status, long iterations, @Nullable String detail) {
        return hasFeasiblePoint()
                ? point(program, Status.FEASIBLE, iterations).withStatus(Status.FEASIBLE, detail)
                : Claim.none(status, iterations, detail);
    }

    private Claim point(Program program, Status status, long iterations) {
        int n = program.n();
        int p = program.p();
        int m = program.m();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment x = arena.allocate(JAVA_DOUBLE, n);
            MemorySegment reduced = arena.allocate(JAVA_DOUBLE, n);
            MemorySegment activity = arena.allocate(JAVA_DOUBLE, HighsModel.height(program));
            MemorySegment row = arena.allocate(JAVA_DOUBLE, HighsModel.height(program));
            HighsLibrary.call(() ->
                    (int) HighsLibrary.GET_SOLUTION.invokeExact(highs, x, reduced, activity, row));
            double[] point = x.toArray(JAVA_DOUBLE);
            if (program.hasIntegers()) {
                return Claim.point(status, point, null, null, null, iterations);
            }
            double[] multipliers = row.toArray(JAVA_DOUBLE);
            return Claim.point(
                    status,
                    point,
                    rows(program, multipliers, 0, p),
                    rows(program, multipliers, p, m),
                    negated(reduced.toArray(JAVA_DOUBLE)),
                    iterations);
        }
    }

    private Claim infeasible(Program program, long iterations) {
        Certificate.Farkas farkas = farkas(program);
        return farkas == null
                ? Claim.none(Status.INFEASIBLE, iterations, null)
                : Claim.certified(Status.INFEASIBLE, farkas, iterations);
    }

    private Claim unbounded(Program program, long iterations) {
        Certificate.Ray ray = ray(program);
        return ray == null
                ? Claim.none(Status.UNBOUNDED, iterations, null)
                : Claim.certified(Status.UNBOUNDED, ray, iterations);
    }

    private Claim either(Program program, long iterations) {
        Certificate.Farkas farkas = farkas(program);
        if (farkas != null) {
            return Claim.certified(Status.INFEASIBLE, farkas, iterations);
        }
        Certificate.Ray ray = ray(program);
        return ray != null
                ? Claim.certified(Status.UNBOUNDED, ray, iterations)
                : Claim.none(Status.NUMERICAL_ERROR, iterations, "unbounded or infeasible");
    }

    /** From HiGHS' dual ray; the multipliers of the bounds follow from A'y + G'z + z_box = 0. */
    private Certificate.@Nullable Farkas farkas(Program program) {
        double[] ray = ray(HighsLibrary.GET_DUAL_RAY, program.p() + program.m());
        if (ray == null) {
            return null;
        }
        double[] y = rows(program, ray, 0, program.p());
        double[] z = rows(program, ray, program.p(), program.m());
        for (int i = 0; i < z.length; i++) {
            z[i] = Double.isInfinite(program.h()[i]) ? 0 : Math.max(0, z[i]);
        }
        double[] zBox = new double[program.n()];
        program.A().addTransposeTimes(-1, y, zBox);
        program.G().addTransposeTimes(-1, z, zBox);
        for (int i = 0; i < zBox.length; i++) {
            double bound = zBox[i] > 0 ? program.ub()[i] : program.lb()[i];
            zBox[i] = Double.isInfinite(bound) ? 0 : zBox[i];
        }
        return new Certificate.Farkas(y, z, zBox);
    }

    private Certificate.@Nullable Ray ray(Program program) {
        double[] d =
                model.matrix(program).nnz() == 0
                        ? axis(program)
                        : ray(HighsLibrary.GET_PRIMAL_RAY, program.n());
        return d == null ? null : new Certificate.Ray(d);
    }

    /**
     * For a program whose variables nothing ties together, of which HiGHS has no ray: the steepest
     * axis without a bound.
     */
    private static double @Nullable [] axis(Program program) {
        int best = -1;
        for (int i = 0; i < program.n(); i++) {
            double c = program.c()[i];
            boolean endless = Double.isInfinite(c > 0 ? program.lb()[i] : program.ub()[i]);
            if (c != 0 && endless && (best < 0 || Math.abs(c) > Math.abs(program.c()[best]))) {
                best = i;
            }
        }
        if (best < 0) {
            return null;
        }
        double[] d = new double[program.n()];
        d[best] = -Math.signum(program.c()[best]);
        return d;
    }

    /** The ray scaled to the largest entry 1, or null if HiGHS has none. */
    private double @Nullable [] ray(MethodHandle getter, int length) {
        if (length == 0) {
            return null;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment found = arena.allocate(JAVA_INT);
            MemorySegment values = arena.allocate(JAVA_DOUBLE, length);
            HighsLibrary.call(() -> (int) getter.invokeExact(highs, found, values));
            double[] ray = values.toArray(JAVA_DOUBLE);
            double size = Vectors.normInf(ray);
            if (found.get(JAVA_INT, 0) == 0 || !(size > 0) || !Double.isFinite(size)) {
                return null;
            }
            for (int i = 0; i < length; i++) {
                ray[i] /= size;
            }
            return ray;
        }
    }

    /** Our multipliers of some rows from HiGHS' multipliers of its scaled ones. */
    private double[] rows(Program program, double[] multipliers, int from, int length) {
        double[] scale = model.matrix(program).scale();
        double[] result = new double[length];
        for (int i = 0; i < length; i++) {
            result[i] = 0 - multipliers[from + i] * scale[from + i]; // never -0.0
        }
        return result;
    }

    private static double[] negated(double[] values) {
        double[] result = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = 0 - values[i];
        }
        return result;
    }
}
