package io.argmind.solver.interior;

import io.argmind.linalg.LdlCache;
import io.argmind.linalg.NotEnoughMemoryException;
import io.argmind.linalg.StoppedException;
import io.argmind.linalg.WorkingMemory;
import io.argmind.problem.Cone;
import io.argmind.problem.Program;
import io.argmind.solution.Certificate;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.WarmStart;
import io.argmind.solver.interior.cone.ConeShape;
import io.argmind.solver.interior.cone.ConicPoint;
import io.argmind.solver.interior.cone.ConicProgram;
import io.argmind.solver.interior.cone.ConicResult;
import io.argmind.solver.interior.cone.ConicSettings;
import io.argmind.solver.interior.cone.ConicSolver;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One program at a time by the homogeneous method with sparse factorizations: programs with cones,
 * those too large for lanes, and those on which the lanes got stuck, which it either solves or
 * proves to have no optimum.
 */
final class SingleSolve {
    /** Integers that the kept analyses of patterns may take. */
    private static final long CACHED_INTEGERS = 64L << 20;

    /**
     * The method stops at residuals this much smaller than those that count as optimal: the last
     * iterations are cheap, and what is built on the answer multiplies its error.
     */
    private static final double SAFETY = 0.02;

    /** What an iteration limit that nobody set comes to. */
    private static final int MOST_ITERATIONS = 300;

    private final ConicSolver solver;

    /**
     * Without analyses yet.
     *
     * @param memory what factorizations may take together
     */
    SingleSolve(WorkingMemory memory) {
        solver = new ConicSolver(new LdlCache(CACHED_INTEGERS), memory);
    }

    Claim solve(Program program, @Nullable WarmStart warm, Limits limits, BooleanSupplier stopped) {
        ConicSettings settings =
                new ConicSettings(
                        SAFETY * limits.tolerance(),
                        limits.tolerance(),
                        Math.min(limits.maxIterations(), MOST_ITERATIONS),
                        limits.deadlineNanos());
        try {
            return claim(
                    solver.solve(translated(program), settings, guess(program, warm), stopped));
        } catch (NotEnoughMemoryException e) {
            return Claim.none(Status.NUMERICAL_ERROR, 0, e.getMessage());
        } catch (StoppedException e) {
            return Claim.none(Status.TIME_LIMIT, 0, e.getMessage());
        }
    }

    private static ConicProgram translated(Program program) {
        List<ConeShape> cones = new ArrayList<>();
        if (program.isConic()) {
            program.cones().forEach(cone -> cones.add(shape(cone)));
        } else if (program.m() > 0) {
            cones.add(ConeShape.nonnegative(program.m()));
        }
        return new ConicProgram(
                program.P(),
                program.c(),
                program.A(),
                program.b(),
                program.G(),
                program.h(),
                cones,
                program.lb(),
                program.ub());
    }

    private static ConeShape shape(Cone cone) {
        return switch (cone) {
            case Cone.Nonnegative c -> ConeShape.nonnegative(c.dim());
            case Cone.SecondOrder c -> ConeShape.secondOrder(c.dim());
            case Cone.Psd c -> ConeShape.psd(c.side());
            case Cone.Exponential c -> ConeShape.exponential();
            case Cone.Power c -> ConeShape.power(c.alpha());
        };
    }

    private static @Nullable ConicPoint guess(Program program, @Nullable WarmStart warm) {
        if (warm == null || warm.y() == null || warm.z() == null) {
            return null;
        }
        double[] box = warm.zBox() == null ? new double[program.n()] : warm.zBox();
        return new ConicPoint(warm.x(), warm.y(), warm.z(), box);
    }

    private static Claim claim(ConicResult result) {
        ConicPoint at = result.point();
        int iterations = result.iterations();
        return switch (result.status()) {
            case OPTIMAL -> point(Status.OPTIMAL, at, iterations);
            case INFEASIBLE ->
                    Claim.certified(
                            Status.INFEASIBLE,
                            new Certificate.Farkas(at.y(), at.z(), at.zBox()),
                            iterations);
            case UNBOUNDED ->
                    Claim.certified(Status.UNBOUNDED, new Certificate.Ray(at.x()), iterations);
            case ITERATION_LIMIT -> point(Status.ITERATION_LIMIT, at, iterations);
            case TIME_LIMIT, CANCELLED -> point(Status.TIME_LIMIT, at, iterations);
            case NUMERICAL_ERROR -> point(Status.NUMERICAL_ERROR, at, iterations);
        };
    }

    private static Claim point(Status status, ConicPoint at, int iterations) {
        return Claim.point(status, at.x(), at.y(), at.z(), at.zBox(), iterations);
    }
}
