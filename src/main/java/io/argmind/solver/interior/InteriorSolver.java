package io.argmind.solver.interior;

import io.argmind.linalg.Lanes;
import io.argmind.linalg.WorkingMemory;
import io.argmind.problem.ProblemClass;
import io.argmind.problem.Program;
import io.argmind.solver.Capabilities;
import io.argmind.solver.Session;
import io.argmind.solver.Solver;
import java.util.EnumSet;
import java.util.List;

/** The batched engine as a back-end. */
public final class InteriorSolver implements Solver {
    /** Multiplications a second and core in factorizations in lanes, measured. */
    private static final double FACTOR_SPEED = 1.5e10;

    /** The same of products and triangular solves, which wait for memory. */
    private static final double PRODUCT_SPEED = 8e9;

    private static final double PRODUCTS = 8; // of every entry in an iteration
    private static final double VECTORS = 40; // passes over every variable and row
    private static final double ITERATIONS = 11;

    /** Linear programs take more, and more of their lanes get stuck. */
    private static final double ITERATIONS_LINEAR = 20;

    /** Groups of more bytes than this do not stay in a core's cache, and take twice as long. */
    private static final double CACHE_BYTES = 2e6;

    private static final double OVERHEAD_SECONDS = 5e-6;

    /** Seconds per entry of programs that are solved one at a time; fill-in makes it more. */
    private static final double SINGLE_SECONDS = 2.5e-5;

    private static final double SINGLE_FILL = 1e5; // entries from which on fill-in counts

    private final Groups groups = new Groups(WorkingMemory.OF_THIS_JVM);
    private final SingleSolve single = new SingleSolve(WorkingMemory.OF_THIS_JVM);

    private final Capabilities capabilities =
            new Capabilities(
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

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public double estimateSeconds(Program program) {
        if (!groups.haveLanes(program) || ForcingRows.any(program)) {
            double entries =
                    (double) program.P().nnz()
                            + program.A().nnz()
                            + program.G().nnz()
                            + program.n()
                            + program.m();
            return SINGLE_SECONDS * entries * (1 + entries / SINGLE_FILL);
        }
        Structure structure = Structure.of(List.of(program));
        double vectors = (double) structure.n() + structure.p() + structure.inequalities();
        double iteration =
                structure.work() / FACTOR_SPEED
                        + (PRODUCTS * structure.entries() + VECTORS * vectors) / PRODUCT_SPEED;
        double iterations = program.P().isZero() ? ITERATIONS_LINEAR : ITERATIONS;
        double waiting = structure.bytes() > CACHE_BYTES ? 2 : 1;
        return iterations * waiting * iteration + OVERHEAD_SECONDS;
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
