package io.argmind.lpgd;

import io.argmind.linalg.NotEnoughMemoryException;
import io.argmind.linalg.Pattern;
import io.argmind.linalg.StoppedException;
import io.argmind.linalg.WorkingMemory;
import io.argmind.problem.Convexity;
import io.argmind.problem.Field;
import io.argmind.problem.InvalidProblemException;
import io.argmind.problem.MatrixField;
import io.argmind.problem.Program;
import io.argmind.problem.Programs;
import io.argmind.solution.OptimalitySystem;
import io.argmind.solution.Solution.Point;
import io.argmind.solution.Verifier;
import io.argmind.solver.Direction;
import io.argmind.solver.LadderSession;
import io.argmind.solver.Limits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The differentiation of a batch. Instances are independent: {@link #differentiate} may run for
 * different ones on different threads, then {@link #gradients} adds up in the order of the batch,
 * so that results do not depend on the number of threads.
 */
public final class BackwardPass {
    /** A point whose relative residuals are larger than this solves nothing. */
    public static final double NO_SOLUTION = 1e-3;

    private final Programs programs;
    private final Solved solved;
    private final Upstream upstream;
    private final LpgdSettings settings;
    private final Set<Field> wrt;
    private final @Nullable InstanceGradient[] done;
    private final Map<Field, double[]> values = new EnumMap<>(Field.class);
    private final Set<Field> factored = EnumSet.noneOf(Field.class);
    private final WorkingMemory memory;

    /**
     * @param solved what was found, for each instance
     * @param upstream arrays of [size, ...]
     * @param wrt what to differentiate, among the fields that were sent
     * @param inFactors whether gradients may be {@link Factors}, where these are smaller
     * @throws InvalidProblemException if the method does not exist for the class of the programs
     */
    public BackwardPass(
            Programs programs,
            Solved solved,
            Upstream upstream,
            LpgdSettings settings,
            Set<Field> wrt,
            boolean inFactors) {
        this(programs, solved, upstream, settings, wrt, inFactors, WorkingMemory.OF_THIS_JVM);
    }

    /**
     * As above.
     *
     * @param memory for dense systems
     */
    BackwardPass(
            Programs programs,
            Solved solved,
            Upstream upstream,
            LpgdSettings settings,
            Set<Field> wrt,
            boolean inFactors,
            WorkingMemory memory) {
        this.memory = memory;
        this.programs = programs;
        this.solved = solved;
        this.upstream = upstream;
        this.settings = settings;
        this.wrt = wrt;
        this.done = new InstanceGradient[programs.size()];
        for (Field field : wrt) {
            if (inFactors && isSmallerInFactors(field)) {
                factored.add(field);
                continue;
            }
            int copies = programs.isBatched(field) ? programs.size() : 1;
            values.put(field, new double[Math.multiplyExact(copies, length(field))]);
        }
        boolean integers = programs.integers().length > 0;
        if (integers && settings.method() == Method.IMPLICIT) {
            throw new InvalidProblemException(
                    "/method",
                    "'implicit' is the derivative of a continuous program; with integer variables it is zero or does not exist, use 'lpgd'");
        }
        if (integers && (upstream.y() != null || upstream.z() != null)) {
            throw new InvalidProblemException(
                    upstream.y() != null ? "/gradient/y" : "/gradient/z",
                    "a program with integer variables has no multipliers to differentiate, expected upstream gradients on x, s, objective");
        }
    }

    private boolean isSmallerInFactors(Field field) {
        return field.isMatrix()
                && programs.isBatched(field)
                && programs.matrix(field).sent() instanceof MatrixField.Dense dense
                && Factors.pay(dense.rows(), dense.cols());
    }

    /**
     * Programs to choose a solver by: what would be solved first, for every instance where the
     * numbers decide who can solve it (integers), otherwise for the first one; empty where none
     * needs solving.
     */
    public List<Program> perturbedPrograms() {
        List<Program> perturbed = new ArrayList<>();
        if (settings.method() == Method.LPGD) {
            for (int i = 0; i < programs.size(); i++) {
                Point star = solved.solutions().get(i);
                Upstream g = upstream.of(i, programs.size());
                boolean shown = perturbed.isEmpty() || programs.integers().length > 0;
                if (star != null && g.perturbs() && shown) {
                    perturbed.add(
                            new Lpgd(programs.instance(i), star, g, settings, settings.tau(i))
                                    .firstProgram());
                }
            }
        }
        return perturbed;
    }

    /** A program whose optimality conditions will be linearized, if there is one. */
    public Optional<Program> linearized() {
        return settings.method() == Method.IMPLICIT && !programs.isConic() && programs.size() > 0
                ? Optional.of(programs.instance(0))
                : Optional.empty();
    }

    /** An instance that is being differentiated. */
    private record Begun(
            int index, Program program, Point star, Upstream g, @Nullable Lpgd perturbed) {}

    /**
     * Differentiates the instances from, ..., to - 1.
     *
     * @param session used only where a program must be solved
     * @param limits of each solve, asked anew for every one
     */
    public void differentiate(
            int from, int to, Supplier<LadderSession> session, Supplier<Limits> limits) {
        List<Begun> begun = new ArrayList<>();
        for (int i = from; i < to; i++) {
            Program program = programs.instance(i);
            Point given = solved.solutions().get(i);
            Point star = given == null || solved.optimal()[i] ? given : solution(program, given);
            if (star == null) {
                keep(i, InstanceGradient.failed(program, BackwardStatus.FORWARD_FAILED));
                continue;
            }
            Upstream g = upstream.of(i, programs.size());
            boolean perturbs = settings.method() == Method.LPGD && g.perturbs();
            begun.add(
                    new Begun(
                            i,
                            program,
                            star,
                            g,
                            perturbs
                                    ? new Lpgd(program, star, g, settings, settings.tau(i))
                                    : null));
        }
        List<Lpgd> perturbed =
                begun.stream().map(Begun::perturbed).filter(Objects::nonNull).toList();
        if (!perturbed.isEmpty()) {
            Lpgd.solve(perturbed, session.get(), limits);
        }
        if (begun.isEmpty()) {
            return;
        }
        boolean[] definite = definite(begun);
        List<@Nullable Direction> directions = directions(begun, session, limits);
        for (int k = 0; k < begun.size(); k++) {
            int index = begun.get(k).index;
            InstanceGradient gradient =
                    finished(begun.get(k), definite[k], directions.get(k), limits);
            keep(index, gradient);
        }
    }

    private boolean[] definite(List<Begun> begun) {
        if (begun.stream().anyMatch(one -> !solved.definite()[one.index])) {
            return Convexity.areDefinite(begun.stream().map(one -> one.program.P()).toList());
        }
        boolean[] definite = new boolean[begun.size()];
        Arrays.fill(definite, true);
        return definite;
    }

    /** Keeps an instance's gradients, in the fields that are its own already where they belong. */
    private void keep(int index, InstanceGradient gradient) {
        done[index] = gradient;
        values.forEach((field, out) -> {
            if (programs.isBatched(field)) {
                int length = length(field);
                // an instance may be differentiated again after something unexpected
                Arrays.fill(out, index * length, (index + 1) * length, 0);
                add(field, gradient, out, index * length);
            }
        });
    }

    private int length(Field field) {
        return field.isMatrix()
                ? programs.matrix(field).sent().length()
                : programs.vector(field).length();
    }

    private void add(Field field, InstanceGradient gradient, double[] out, int offset) {
        if (field.isMatrix()) {
            gradient.matrix(field)
                    .addTo(programs.matrix(field).sent(), field == Field.P, out, offset);
            return;
        }
        double[] g = gradient.vector(field);
        for (int j = 0; j < g.length; j++) {
            out[offset + j] += g[j];
        }
    }

    /** For exact derivatives, what the back-end that would solve the programs knows of them. */
    private List<@Nullable Direction> directions(
            List<Begun> begun, Supplier<LadderSession> session, Supplier<Limits> limits) {
        boolean wanted =
                linearized().isPresent() && begun.stream().anyMatch(one -> one.g.perturbs());
        return wanted
                ? session.get()
                        .directions(
                                begun.stream()
                                        .map(one -> Implicit.line(one.program, one.star, one.g))
                                        .toList(),
                                limits)
                : Collections.nCopies(begun.size(), (@Nullable Direction) null);
    }

    private InstanceGradient finished(
            Begun one, boolean definite, @Nullable Direction known, Supplier<Limits> limits) {
        Program program = one.program;
        Upstream g = one.g;
        InstanceGradient gradient =
                switch (settings.method()) {
                    case IMPLICIT ->
                            g.perturbs()
                                    ? implicit(one, known, limits)
                                    : InstanceGradient.zero(program);
                    case IDENTITY ->
                            NegativeIdentity.differentiate(program, g, settings.projection());
                    case LPGD ->
                            one.perturbed == null
                                    ? InstanceGradient.zero(program)
                                    : one.perturbed.gradient();
                };
        if (g.objective() != null
                && gradient.status.hasGradient()
                && settings.method() != Method.IDENTITY) {
            LagrangianDifference.addValueGradient(gradient, program, one.star, g.objective()[0]);
        }
        gradient.degenerate = isDegenerate(program, one.star, definite, limits);
        return gradient;
    }

    private InstanceGradient implicit(
            Begun one, @Nullable Direction known, Supplier<Limits> limits) {
        try (WorkingMemory.Share share = memory.open(over(limits))) {
            return Implicit.differentiate(one.program, one.star, one.g, known, share);
        }
    }

    /** Whether the time of what begins now is over, or nobody waits for it any more. */
    private static BooleanSupplier over(Supplier<Limits> limits) {
        Limits these = limits.get();
        return () -> these.isOver() || limits.get().isOver();
    }

    /**
     * The solution to differentiate at: one that a client sends back has been rounded on the way,
     * and where a limit ended the solve of a continuous program there is none.
     */
    private static @Nullable Point solution(Program program, Point given) {
        if (program.hasIntegers()) {
            double[] x = given.x().clone();
            for (int i : program.integers()) {
                x[i] = Math.rint(x[i]);
            }
            return Verifier.complete(program, x, given.y(), given.z(), given.zBox());
        }
        return Verifier.sharpenedWithin(program, given, NO_SOLUTION);
    }

    /** Gives one instance a zero gradient because something unexpected happened. */
    public void fail(int i) {
        keep(i, InstanceGradient.failed(programs.instance(i), BackwardStatus.SOLVER_FAILED));
    }

    private @Nullable Boolean isDegenerate(
            Program program, Point star, boolean definite, Supplier<Limits> limits) {
        if (program.P().isZero() && !program.isConic()) {
            return true; // the solution of a linear program is piecewise constant in the cost
        }
        Program continuous = program.hasIntegers() ? program.withIntegersFixed(star.x()) : program;
        OptimalitySystem active = OptimalitySystem.at(continuous, star.x(), star.z(), star.zBox());
        if (!definite && !active.isTractable()) {
            return null;
        }
        try (WorkingMemory.Share share = memory.open(over(limits))) {
            share.take(active.bytes());
            return active.isDegenerate(definite);
        } catch (NotEnoughMemoryException | StoppedException e) {
            return null;
        }
    }

    /** Puts the instances together, after all of them have been differentiated. */
    public Gradients gradients() {
        int size = programs.size();
        for (Field field : wrt) {
            if (!programs.isBatched(field)) {
                values.put(field, shared(field));
            }
        }
        Map<Field, Factors> factors = new EnumMap<>(Field.class);
        List<InstanceGradient> all = IntStream.range(0, size).mapToObj(this::instance).toList();
        for (Field field : factored) {
            Pattern shape = programs.matrix(field).pattern();
            factors.put(
                    field,
                    Factors.of(
                            all,
                            g -> g.matrix(field),
                            field == Field.P,
                            shape.rows(),
                            shape.cols()));
        }
        double[] tau = new double[size];
        double[] displacement = new double[size];
        @Nullable Boolean[] degenerate = new Boolean[size];
        double[] noise = new double[size];
        long[] iterations = new long[size];
        double[] @Nullable [] lower = new double[size][];
        double[] @Nullable [] upper = new double[size][];
        List<BackwardStatus> status = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            InstanceGradient g = instance(i);
            status.add(g.status);
            tau[i] = g.tau;
            displacement[i] = g.displacement;
            degenerate[i] = g.degenerate;
            noise[i] = g.noise;
            iterations[i] = g.iterations;
            lower[i] = g.lowerX;
            upper[i] = g.upperX;
        }
        return new Gradients(
                values,
                factors,
                status,
                tau,
                displacement,
                degenerate,
                noise,
                iterations,
                lower,
                upper);
    }

    private InstanceGradient instance(int i) {
        return Objects.requireNonNull(done[i], "instance was not differentiated");
    }

    /**
     * The sum over the batch, in its order; of a bound that was sent as one number, that number's.
     */
    private double[] shared(Field field) {
        double[] out = new double[length(field)];
        for (int i = 0; i < programs.size(); i++) {
            add(field, instance(i), out, 0);
        }
        if (field.isMatrix() || !programs.vector(field).scalar()) {
            return out;
        }
        double sum = 0;
        for (double v : out) {
            sum += v;
        }
        return new double[] {sum};
    }
}
