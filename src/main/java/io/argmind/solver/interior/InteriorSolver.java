package io.argmind.solver.interior;

import io.argmind.linalg.Lanes;
import io.argmind.problem.ProblemClass;
import io.argmind.problem.Program;
import io.argmind.solver.Capabilities;
import io.argmind.solver.Session;
import io.argmind.solver.Solver;
import java.util.EnumSet;
import java.util.List;

/** The batched engine as a back-end. */
public final class InteriorSolver implements Solver {
    /** Multiplications a second on one core, all lanes together, measured. */
    private static final double SPEED = 6e9;

    private static final double FACTORIZATIONS = 14;
    private static final double OVERHEAD_SECONDS = 2e-6;

    private final Groups groups = new Groups();
    private final SingleSolve single = new SingleSolve();

    @Override
    public Capabilities capabilities() {
        return new Capabilities(
                "interior",
                "1",
                EnumSet.of(ProblemClass.LP, ProblemClass.QP, ProblemClass.CONIC),
                EnumSet.of(ProblemClass.LP, ProblemClass.QP, ProblemClass.CONIC),
                Capabilities.Duals.ROWS_AND_BOUNDS,
                Capabilities.WarmStarts.EXPLICIT,
                true,
                false,
                "Interior-point and active-set Newton methods of this service; solves "
                        + Lanes.WIDTH
                        + " linear or quadratic programs of a batch side by side, and programs with cones.");
    }

    @Override
    public double estimateSeconds(Program program) {
        return FACTORIZATIONS * Structure.of(List.of(program)).work() / SPEED + OVERHEAD_SECONDS;
    }

    @Override
    public int width() {
        return Lanes.WIDTH;
    }

    @Override
    public boolean givesDirections() {
        return true;
    }

    @Override
    public Session open() {
        return new InteriorSession(groups, single);
    }
}
