package io.argmind.solver.interior;

import static io.argmind.solver.interior.ActiveSetNewton.any;

import io.argmind.linalg.Lanes;
import io.argmind.linalg.Vectors;
import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.solver.Direction;
import io.argmind.solver.Line;
import io.argmind.solver.WarmStart;
import io.argmind.solver.interior.InteriorPoint.Outcome;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The memory and the methods for up to {@link Lanes#WIDTH} programs of one structure, used for one
 * group after another. Confined to one thread at a time.
 */
final class LaneGroup {
    private static final int W = Lanes.WIDTH;

    /** From points of this relative error the active set can usually be read. */
    private static final double READABLE = 1e-6;

    /** The same for quadratic programs, where the active-set method mends a few wrong rows. */
    private static final double READABLE_QUADRATIC = 1e-3;

    /** Where the interior-point method got stuck closer than this, the active set may be right. */
    private static final double WORTH_A_TRY = 1e-3;

    /** Factorizations that the active-set method may take after the interior-point method. */
    private static final int FINISH_TRIES = 3;

    /** The same where it starts from a guess, and each one saves a whole solve. */
    private static final int WARM_TRIES = 12;

    /** The same for linear programs, which jump to another vertex or stay where they are. */
    private static final int WARM_TRIES_LINEAR = 3;

    private final Structure structure;
    private final LaneProgram lanes;
    private final InteriorPoint interior;
    private final ActiveSetNewton newton;
    private Equilibrated[] programs = new Equilibrated[0];
    private int size;

    LaneGroup(Structure structure) {
        this.structure = structure;
        this.lanes = new LaneProgram(structure);
        this.interior = new InteriorPoint(lanes, structure.P().nnz() == 0);
        this.newton = new ActiveSetNewton(lanes, structure.updates());
    }

    Structure structure() {
        return structure;
    }

    private int warmTries() {
        return structure.P().nnz() == 0 ? WARM_TRIES_LINEAR : WARM_TRIES;
    }

    /** Errors at which the interior-point method hands over to the active-set method. */
    private double[] targets(double tolerance) {
        double readable = Math.max(READABLE, tolerance);
        double last = 0.1 * tolerance;
        return structure.P().nnz() == 0
                ? new double[] {readable, last}
                : new double[] {Math.max(READABLE_QUADRATIC, tolerance), readable, last};
    }

    /** Lets go of the programs that were solved last, and of the batch that they belong to. */
    void forget() {
        programs = new Equilibrated[0];
    }

    /** How many programs it holds on to. */
    int programs() {
        return programs.length;
    }

    /** Puts programs into the lanes; lanes that are left over hold the last one again. */
    private boolean[] load(List<Program> group) {
        boolean[] taken = new boolean[W];
        size = group.size();
        Program[] all = new Program[W];
        for (int l = 0; l < W; l++) {
            all[l] = group.get(Math.min(l, size - 1));
            taken[l] = l < size;
        }
        lanes.put(all);
        programs = Equilibrated.of(all, lanes);
        return taken;
    }

    /**
     * Solves programs.
     *
     * @param group at most {@link Lanes#WIDTH}
     * @param warm a guess for each, or null
     */
    Claim[] solve(
            List<Program> group,
            List<@Nullable WarmStart> warm,
            double tolerance,
            int maxIterations,
            BooleanSupplier stop) {
        boolean[] open = load(group);
        Arrays.fill(newton.solved, false);
        Arrays.fill(newton.tries, 0);
        int[] warmTries = new int[W];
        boolean[] guessed = guesses(warm);
        if (any(guessed)) {
            newton.run(guessed, Math.min(warmTries(), maxIterations), stop);
            for (int l = 0; l < W; l++) {
                open[l] &= !newton.solved[l];
                warmTries[l] = newton.tries[l];
            }
        }
        boolean[] cold = open.clone();
        if (any(open)) {
            interior.start(open);
            for (double target : targets(tolerance)) {
                interior.resume(open);
                interior.run(target, maxIterations, stop);
                finish(open, stop);
                if (!any(open)) {
                    break;
                }
            }
        }
        Claim[] claims = new Claim[size];
        for (int l = 0; l < size; l++) {
            claims[l] = claim(l, tolerance, warmTries[l], cold[l]);
        }
        return claims;
    }

    /**
     * Takes a solution that another method found to the end, where its active set can be read.
     *
     * @return null where it cannot
     */
    @Nullable Claim polish(Program program, WarmStart point, BooleanSupplier stop) {
        load(List.of(program));
        boolean[] guessed = guesses(Collections.singletonList(point));
        if (!any(guessed)) {
            return null;
        }
        newton.run(guessed, WARM_TRIES, stop);
        return newton.solved[0] ? claim(0, Status.OPTIMAL, newton.point, newton.tries[0]) : null;
    }

    /** Takes converged lanes to the end; the ones that remain open go on. */
    private void finish(boolean[] open, BooleanSupplier stop) {
        boolean[] ready = new boolean[W];
        for (int l = 0; l < W; l++) {
            ready[l] = open[l] && interior.error(l) <= WORTH_A_TRY;
        }
        if (any(ready)) {
            newton.guess(ready, interior.point, interior.leaning);
            newton.run(ready, FINISH_TRIES, stop);
        }
        for (int l = 0; l < W; l++) {
            open[l] = open[l] && interior.outcome[l] == Outcome.CONVERGED && !newton.solved[l];
        }
    }

    private boolean[] guesses(List<@Nullable WarmStart> warm) {
        boolean[] guessed = new boolean[W];
        LanePoint to = interior.point;
        for (int l = 0; l < size; l++) {
            WarmStart guess = warm.get(l);
            if (guess != null && guess.y() != null && guess.z() != null && guess.zBox() != null) {
                guessed[l] = true;
                put(l, guess, to);
            }
        }
        if (any(guessed)) {
            newton.guess(guessed, to);
        }
        return guessed;
    }

    private void put(int l, WarmStart point, LanePoint to) {
        Equilibrated program = programs[l];
        Lanes.put(program.scaledX(point.x()), 0, lanes.n, to.x, l);
        double[] y = point.y() == null ? new double[lanes.p] : point.y();
        double[] z = point.z() == null ? new double[lanes.m] : point.z();
        double[] box = point.zBox() == null ? new double[lanes.n] : point.zBox();
        Lanes.put(program.scaledY(y), 0, lanes.p, to.y, l);
        lanes.putMultipliers(l, program.scaledZ(z), program.scaledBox(box), to.z);
    }

    private Claim claim(int l, double tolerance, int warmTries, boolean cold) {
        int afterwards = cold ? interior.iterations[l] + newton.tries[l] : 0;
        long iterations = (long) warmTries + afterwards;
        if (newton.solved[l]) {
            return claim(l, Status.OPTIMAL, newton.point, iterations);
        }
        return switch (interior.outcome[l]) {
            case CONVERGED -> claim(l, Status.OPTIMAL, interior.point, iterations);
            case ITERATION_LIMIT -> claim(l, Status.ITERATION_LIMIT, interior.point, iterations);
            case STOPPED, RUNNING -> claim(l, Status.TIME_LIMIT, interior.point, iterations);
            case STUCK ->
                    interior.error(l) <= tolerance
                            ? claim(l, Status.OPTIMAL, interior.point, iterations)
                            : Claim.none(
                                    Status.NUMERICAL_ERROR,
                                    iterations,
                                    "the interior-point method made no progress");
        };
    }

    private Claim claim(int l, Status status, LanePoint point, long iterations) {
        boolean exact = newton.solved[l];
        Point out = point(l, point, exact ? newton.active : null, programs[l].original().c());
        return Claim.point(status, out.x, out.y, out.z, out.box, iterations);
    }

    /** A point of the original program. */
    private record Point(double[] x, double[] y, double[] z, double[] box) {}

    /** Takes a point out; with the active rows known, x is exactly at its active bounds. */
    private Point point(int l, LanePoint from, double @Nullable [] active, double[] c) {
        double[] x = Lanes.take(from.x, lanes.n, l);
        double[] y = Lanes.take(from.y, lanes.p, l);
        double[] z = Lanes.take(from.z, lanes.m, l);
        double[] box = lanes.box(from.z, l);
        programs[l].recoverX(x);
        programs[l].recoverDuals(c, x, y, z, box);
        if (active != null) {
            lanes.snap(l, active, programs[l].original(), x);
        }
        return new Point(x, y, z, box);
    }

    /**
     * Goes along lines as far as the active set of their solutions stays the same: one
     * factorization for all sigmas of a line, since the optimum is affine in sigma there. Where it
     * changes, the guess at the line's end is corrected, with a factorization for each try.
     *
     * @param group at most {@link Lanes#WIDTH}
     * @param sigmas one array per side, each with a number for every line (NaN for none)
     * @return [side][line], null where sigma is NaN or the optimum was not found
     */
    @Nullable Claim[][] along(List<Line> group, double[][] sigmas, BooleanSupplier stop) {
        boolean[] taken = load(group.stream().map(Line::program).toList());
        LanePoint star = interior.point;
        for (int l = 0; l < size; l++) {
            put(l, group.get(l).solution(), star);
        }
        newton.guess(taken, star);
        newton.factor(taken);
        Claim[][] claims = new Claim[sigmas.length][size];
        WarmStart[][] guesses = new WarmStart[sigmas.length][size];
        double[] from = new double[W];
        for (int k = 0; k < sigmas.length; k++) {
            double[] ratio = new double[W];
            for (int l = 0; l < size; l++) {
                double sigma = sigmas[k][l];
                taken[l] = !Double.isNaN(sigma);
                if (taken[l]) {
                    lanes.putVectors(l, at(l, group.get(l), sigma));
                    ratio[l] = from[l] == 0 ? 0 : sigma / from[l];
                    from[l] = sigma;
                }
            }
            newton.extrapolate(star, ratio);
            newton.solveHere(taken);
            for (int l = 0; l < size; l++) {
                if (taken[l]) {
                    double[] c = group.get(l).costAt(sigmas[k][l]);
                    if (newton.solved[l]) {
                        claims[k][l] = alongClaim(l, c, 1);
                    } else {
                        guesses[k][l] = guess(l, c);
                    }
                }
            }
        }
        for (int k = 0; k < sigmas.length; k++) {
            beyond(group, sigmas[k], guesses[k], claims[k], stop);
        }
        return claims;
    }

    /** Solves at the ends of those lines on whose way the active set changes. */
    private void beyond(
            List<Line> group,
            double[] sigma,
            @Nullable WarmStart[] guesses,
            @Nullable Claim[] claims,
            BooleanSupplier stop) {
        boolean[] open = new boolean[W];
        for (int l = 0; l < size; l++) {
            WarmStart guess = guesses[l];
            open[l] = guess != null;
            if (guess != null) {
                lanes.putVectors(l, at(l, group.get(l), sigma[l]));
                put(l, guess, interior.point);
            }
        }
        if (!any(open)) {
            return;
        }
        newton.guess(open, interior.point);
        newton.run(open, warmTries(), stop);
        for (int l = 0; l < size; l++) {
            if (open[l] && newton.solved[l]) {
                claims[l] = alongClaim(l, group.get(l).costAt(sigma[l]), 1 + newton.tries[l]);
            }
        }
    }

    private Claim alongClaim(int l, double[] c, long iterations) {
        Point out = point(l, newton.point, newton.active, c);
        return Claim.point(Status.OPTIMAL, out.x, out.y, out.z, out.box, iterations);
    }

    /** Where the line's end would be if the active set did not change. */
    private WarmStart guess(int l, double[] c) {
        Point out = point(l, newton.point, null, c);
        return new WarmStart(out.x, out.y, out.z, out.box);
    }

    /**
     * The derivatives by sigma of the solutions of lines at zero: the system of the active set,
     * whose matrix {@link #along} factors as well, with the directions on the right.
     *
     * @param group at most {@link Lanes#WIDTH}
     * @return one per line; null where it is singular, or variables are fixed
     */
    @Nullable Direction[] directions(List<Line> group) {
        boolean[] taken = load(group.stream().map(Line::program).toList());
        double[] scale = new double[W];
        for (int l = 0; l < size; l++) {
            Line line = group.get(l);
            put(l, line.solution(), interior.point);
            taken[l] = !programs[l].hasFixed();
        }
        newton.guess(taken, interior.point);
        newton.factor(taken);
        for (int l = 0; l < size; l++) {
            Line line = group.get(l);
            double[] dc = programs[l].scaledCost(line.dc());
            double[] db = line.db() == null ? null : programs[l].scaledB(line.db());
            double[] dh = line.dh() == null ? null : programs[l].scaledH(line.dh());
            double most = Vectors.normInf(dc);
            most = db == null ? most : Math.max(most, Vectors.normInf(db));
            most = dh == null ? most : Math.max(most, Vectors.normInf(dh));
            scale[l] = most > 0 ? most : 1;
            lanes.putDirection(l, 1 / scale[l], dc, db, dh);
        }
        boolean[] done = newton.solveDirections(taken);
        Direction[] directions = new Direction[size];
        for (int l = 0; l < size; l++) {
            if (done[l]) {
                Point d = point(l, newton.point, null, group.get(l).dc());
                directions[l] =
                        new Direction(
                                times(scale[l], d.x),
                                times(scale[l], d.y),
                                times(scale[l], d.z),
                                times(scale[l], d.box));
            }
        }
        return directions;
    }

    private static double[] times(double factor, double[] x) {
        for (int i = 0; i < x.length; i++) {
            x[i] *= factor;
        }
        return x;
    }

    private Program at(int l, Line line, double sigma) {
        Equilibrated program = programs[l];
        return new Line(
                        program.program(),
                        line.solution(),
                        program.scaledCost(line.dc()),
                        line.db() == null ? null : program.scaledB(line.db()),
                        line.dh() == null ? null : program.scaledH(line.dh()))
                .at(sigma);
    }

    long bytes() {
        long vectors = 40L + 2L * structure.updates();
        return lanes.bytes() + 8L * W * vectors * (lanes.n + lanes.p + lanes.M);
    }
}
