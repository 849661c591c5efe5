package io.argmind.solver.interior;

import io.argmind.linalg.Lanes;
import io.argmind.problem.ProblemClass;
import io.argmind.problem.Program;
import io.argmind.solver.Capabilities;
import io.argmind.solver.Session;
import io.argmind.solver.Solver;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** The batched engine as a back-end. */
public final class InteriorSolver implements Solver {
    /** Multiplications a second on one core, all lanes together, measured. */
    private static final double SPEED = 6e9;

    private static final double FACTORIZATIONS = 14;
    private static final double OVERHEAD_SECONDS = 2e-6;

    private final Groups groups = new Groups();

    @Override
    public Capabilities capabilities() {
        return new Capabilities(
                "interior",
                "1",
                EnumSet.of(ProblemClass.LP, ProblemClass.QP),
                EnumSet.of(ProblemClass.LP, ProblemClass.QP),
                Capabilities.Duals.ROWS_AND_BOUNDS,
                Capabilities.WarmStarts.EXPLICIT,
                false,
                false,
                "Interior-point and active-set Newton methods of this service; solves "
                        + Lanes.WIDTH
                        + " programs of a batch side by side.");
    }

    @Override
    public Optional<String> refuse(Program program) {
        return Structure.of(List.of(program)).fits()
                ? Optional.empty()
                : Optional.of("too large for dense factorizations");
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
    public Session open() {
        return new InteriorSession(groups);
    }
}
