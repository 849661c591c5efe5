package io.argmind.rest;

import io.argmind.dispatch.DispatchSettings;
import io.argmind.dispatch.NotKeptException;
import io.argmind.dispatch.RegisteredProblems;
import io.argmind.dispatch.RetainedSolves;
import io.argmind.dispatch.Tenant;
import io.argmind.linalg.Vectors;
import io.argmind.lpgd.Solved;
import io.argmind.lpgd.linear.LinearMethod;
import io.argmind.problem.ErrorList;
import io.argmind.problem.InvalidProblemException;
import io.argmind.problem.ProgramBuilder;
import io.argmind.problem.Programs;
import io.argmind.problem.discrete.DiscreteBuilder;
import io.argmind.problem.discrete.DiscretePrograms;
import io.argmind.solution.Solution.Point;
import io.argmind.solution.discrete.SetMembership;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads which solve is meant. The id is tried first; a lost one costs nothing where the problem and
 * its solution came along.
 */
final class ReferenceReader {
    /** Entries of x that a client sends back are whole numbers, rounded at the worst. */
    private static final double ROUNDED = 1e-3;

    /** What of an answer may be sent back beside x, which is enough; here of a program. */
    private static final List<String> OF_PROGRAMS =
            List.of("y", "z", "s", "z_box", "objective", "smoothed_objective");

    private static final List<String> OF_KINDS = List.of("objective", "smoothed_objective");

    private final Tenant tenant;
    private final RegisteredProblems.Own registered;
    private final RetainedSolves retained;
    private final DispatchSettings settings;

    ReferenceReader(
            Tenant tenant,
            RegisteredProblems registered,
            RetainedSolves retained,
            DispatchSettings settings) {
        this.tenant = tenant;
        this.registered = registered.of(tenant);
        this.retained = retained;
        this.settings = settings;
    }

    RetainedSolves.Retained read(ObjectReader in, LinearMethod method, ErrorList errors) {
        String id = in.text("id");
        ObjectReader problem = in.object("problem", false);
        ObjectReader solution = in.object("solution", false);
        in.refuseOthers();
        in.throwIfMalformed();
        RetainedSolves.Retained kept = id == null ? null : retained.find(tenant, id);
        if (kept != null) {
            return kept;
        }
        if (!in.has("problem")) {
            if (id != null) {
                throw new NotKeptException(
                        NotKeptException.Kind.SOLVE,
                        "this solve is not kept (any more); send the problem and its solution instead of the id");
            }
            in.fail("problem", "missing: expected an id, or a problem and its solution");
            in.throwIfMalformed();
        }
        if (!in.has("solution")) {
            in.fail("solution", "missing: a problem without an id needs its solution");
            in.throwIfMalformed();
        }
        RegisteredProblems.Registered sent = ProblemReader.read(problem, registered);
        String at = in.at("problem");
        int most = settings.maxInstances();
        return switch (sent) {
            case RegisteredProblems.OfPrograms p -> {
                Programs programs =
                        alone(
                                () -> ProgramBuilder.build(p.sent(), at, most, new ErrorList()),
                                errors);
                if (method.isStochastic()) {
                    int[] shape = {programs.n()};
                    List<double @Nullable []> means =
                            rows(
                                    solution,
                                    programs.size(),
                                    programs.batched(),
                                    shape,
                                    OF_PROGRAMS,
                                    errors);
                    solution.refuseOthers();
                    solution.throwIfMalformed();
                    yield new RetainedSolves.Noisy(programs, means, null);
                }
                PointReader points =
                        new PointReader(solution, programs, errors, new ProblemReader.Precision());
                List<@Nullable Point> solutions = points.solutions();
                solution.refuseOthers();
                solution.throwIfMalformed();
                yield new RetainedSolves.Continuous(programs, Solved.of(solutions));
            }
            case RegisteredProblems.OfDiscrete d -> {
                DiscretePrograms programs =
                        alone(
                                () -> DiscreteBuilder.build(d.sent(), at, most, new ErrorList()),
                                errors);
                List<double @Nullable []> solutions =
                        rows(
                                solution,
                                programs.size(),
                                programs.batched(),
                                programs.set().shape(),
                                OF_KINDS,
                                errors);
                if (method.needsMinimum()) { // as the mean of a solve with noise is not
                    requireElements(solutions, programs);
                }
                solution.refuseOthers();
                solution.throwIfMalformed();
                yield new RetainedSolves.Combinatorial(programs, solutions, null);
            }
        };
    }

    /**
     * Built on its own, so that what is wrong with the rest of the request can still be found where
     * the problem is right.
     */
    private static <T> T alone(Supplier<T> build, ErrorList errors) {
        try {
            return build.get();
        } catch (InvalidProblemException e) {
            e.errors().forEach(error -> errors.add(error.pointer(), error.detail()));
            errors.throwIfAny();
            throw e;
        }
    }

    /** x of each instance, null where there is none. */
    private static List<double @Nullable []> rows(
            ObjectReader in,
            int size,
            boolean batched,
            int[] shape,
            List<String> besides,
            ErrorList errors) {
        RowReader reader = new RowReader(in, size, batched, errors, new ProblemReader.Precision());
        double[] x = reader.rows("x", shape, true);
        for (String name : besides) {
            in.value(name);
        }
        if (x == null && !in.has("x")) {
            errors.add(in.at("x"), "missing: a solution has x");
        }
        List<double @Nullable []> rows = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            double[] row = x == null ? null : part(x, i, size);
            rows.add(row != null && Vectors.allFinite(row) ? row : null);
        }
        return rows;
    }

    private static double[] part(double[] x, int i, int size) {
        int length = x.length / size;
        return Arrays.copyOfRange(x, i * length, (i + 1) * length);
    }

    /** Takes out what is not in the set. */
    private static void requireElements(
            List<double @Nullable []> solutions, DiscretePrograms programs) {
        SetMembership membership = new SetMembership(programs.set());
        solutions.replaceAll(row -> row != null && isElement(row, membership) ? row : null);
    }

    private static boolean isElement(double[] x, SetMembership membership) {
        for (int j = 0; j < x.length; j++) {
            double whole = Math.rint(x[j]);
            if (Math.abs(x[j] - whole) > ROUNDED) {
                return false;
            }
            x[j] = whole == 0 ? 0 : whole;
        }
        return membership.violation(x) == 0;
    }
}
