package io.argmind.rest;

import io.argmind.dispatch.BackwardService;
import io.argmind.dispatch.DispatchSettings;
import io.argmind.dispatch.NotKeptException;
import io.argmind.dispatch.RegisteredProblems;
import io.argmind.dispatch.RetainedSolves;
import io.argmind.dispatch.SolveOptions;
import io.argmind.lpgd.BackwardPass;
import io.argmind.lpgd.Envelope;
import io.argmind.lpgd.LpgdSettings;
import io.argmind.lpgd.Method;
import io.argmind.lpgd.Projection;
import io.argmind.lpgd.Upstream;
import io.argmind.problem.ErrorList;
import io.argmind.problem.Field;
import io.argmind.problem.InvalidProblemException;
import io.argmind.problem.ProgramBuilder;
import io.argmind.problem.Programs;
import io.argmind.problem.SentProblem;
import io.argmind.solution.Solution.Point;
import io.argmind.solver.Solvers;
import io.argmind.tensor.Tensor;
import io.argmind.tensor.Value;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /lpgd-backward}. */
@RestController
final class BackwardEndpoint {
    private static final String SOLUTIONS = "solutions";
    private static final String FACTORS = "factors";

    private final BackwardService backward;
    private final RegisteredProblems registered;
    private final RetainedSolves retained;
    private final DispatchSettings settings;

    BackwardEndpoint(
            BackwardService backward,
            RegisteredProblems registered,
            RetainedSolves retained,
            DispatchSettings settings) {
        this.backward = backward;
        this.registered = registered;
        this.retained = retained;
        this.settings = settings;
    }

    @PostMapping(
            path = "/lpgd-backward",
            consumes = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE},
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    Value differentiate(
            @RequestBody Value body,
            @RequestAttribute(AdmissionFilter.DEADLINE) long deadlineNanos) {
        ObjectReader in = ObjectReader.ofBody(body);
        ErrorList errors = new ErrorList();
        String solver = in.text("solver", Solvers.AUTO);
        SolveOptions options = OptionsReader.read(in, errors, deadlineNanos);
        Set<String> extras = extras(in);
        LpgdSettings lpgd = settings(in, errors);
        List<String> names = in.texts("wrt");
        ObjectReader gradient = in.object("gradient", true);
        ObjectReader reference = in.object("solve", true);
        in.refuseOthers();
        RetainedSolves.Retained solve = solve(reference, errors);
        Programs programs = solve.programs();
        ProblemReader.Precision precision = new ProblemReader.Precision();
        Upstream upstream =
                upstream(
                        new PointReader(gradient, programs, errors, precision)
                                .ignoringInstancesWithout(solve.solutions()),
                        programs);
        gradient.refuseOthers();
        checkTau(in, programs, errors);
        Set<Field> wrt = wrt(names, in.at("wrt"), programs, lpgd.method(), errors);
        in.throwIfMalformed();
        errors.throwIfAny();
        BackwardPass pass =
                new BackwardPass(
                        programs, solve.solutions(), upstream, lpgd, wrt, extras.contains(FACTORS));
        BackwardService.Answer answer = backward.differentiate(pass, programs, solver, options);
        return AnswerWriter.differentiated(
                programs, answer, precision.answerType(), extras.contains(SOLUTIONS));
    }

    /**
     * The id is tried first; a lost one costs nothing where the problem and its solution came
     * along.
     */
    private RetainedSolves.Retained solve(ObjectReader in, ErrorList errors) {
        String id = in.text("id");
        ObjectReader problem = in.object("problem", false);
        ObjectReader solution = in.object("solution", false);
        in.refuseOthers();
        in.throwIfMalformed();
        RetainedSolves.Retained kept = id == null ? null : retained.find(id);
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
        Programs programs =
                programs(ProblemReader.read(problem, registered), in.at("problem"), errors);
        PointReader points =
                new PointReader(solution, programs, errors, new ProblemReader.Precision());
        List<@Nullable Point> solutions = points.solutions();
        solution.refuseOthers();
        solution.throwIfMalformed();
        return new RetainedSolves.Retained(programs, solutions);
    }

    /**
     * Built on its own, so that what is wrong with the rest of the request can still be found where
     * the problem is right.
     */
    private Programs programs(SentProblem sent, String pointer, ErrorList errors) {
        try {
            return ProgramBuilder.build(sent, pointer, settings.maxInstances(), new ErrorList());
        } catch (InvalidProblemException e) {
            e.errors().forEach(error -> errors.add(error.pointer(), error.detail()));
            errors.throwIfAny();
            throw e;
        }
    }

    private static Upstream upstream(PointReader in, Programs programs) {
        return new Upstream(
                in.rows("x", programs.n(), false),
                in.rows("y", programs.p(), false),
                in.rows("z", programs.m(), false),
                in.rows("s", programs.m(), false),
                in.numbers("objective"));
    }

    private static LpgdSettings settings(ObjectReader in, ErrorList errors) {
        Method method = in.choice("method", Method.LPGD, List.of(Method.values()), Method::key);
        Envelope envelope =
                in.choice("envelope", Envelope.AVERAGE, List.of(Envelope.values()), Envelope::key);
        Projection projection =
                in.choice(
                        "projection",
                        Projection.NONE,
                        List.of(Projection.values()),
                        Projection::key);
        double rho = in.number("rho", 0);
        if (!(rho >= 0) || Double.isInfinite(rho)) {
            errors.add(in.at("rho"), "expected a finite number >= 0, got " + rho);
        }
        return new LpgdSettings(method, envelope, tau(in, errors), rho, projection);
    }

    /** Null for "auto", which is also what an absent tau means. */
    private static double @Nullable [] tau(ObjectReader in, ErrorList errors) {
        Value value = in.value("tau");
        if (value == null
                || (value instanceof Value.Text text && text.value().equals(Solvers.AUTO))) {
            return null;
        }
        if (!(value instanceof Tensor tau)) {
            in.fail("tau", "expected a number, one number per instance, or \"auto\"");
            return null;
        }
        if (tau.rank() > 1) {
            errors.add(
                    in.at("tau"),
                    "expected a number, or one number per instance, got shape "
                            + PointReader.text(tau.shape()));
            return null;
        }
        for (int i = 0; i < tau.values().length; i++) {
            if (!(tau.values()[i] > 0) || Double.isInfinite(tau.values()[i])) {
                errors.add(
                        in.at("tau") + (tau.isScalar() ? "" : "/" + i),
                        "expected a finite number > 0, got " + tau.values()[i]);
                return null;
            }
        }
        return tau.values();
    }

    private static void checkTau(ObjectReader in, Programs programs, ErrorList errors) {
        if (in.value("tau") instanceof Tensor tau
                && tau.rank() == 1
                && !(programs.batched() && tau.shape()[0] == programs.size())) {
            String batch =
                    programs.batched()
                            ? "a number, or one for each of the " + programs.size() + " instances"
                            : "a number";
            errors.add(
                    in.at("tau"),
                    "expected " + batch + ", got shape " + PointReader.text(tau.shape()));
        }
    }

    private static Set<Field> wrt(
            @Nullable List<String> names,
            String pointer,
            Programs programs,
            Method method,
            ErrorList errors) {
        Set<Field> wrt = EnumSet.noneOf(Field.class);
        if (names == null) {
            wrt.addAll(method == Method.IDENTITY ? Set.of(Field.C) : programs.fields());
            return wrt;
        }
        for (int k = 0; k < names.size(); k++) {
            Optional<Field> field = Field.of(names.get(k)).filter(programs.fields()::contains);
            if (field.isEmpty()) {
                errors.add(
                        pointer + "/" + k,
                        "expected a field of the problem ("
                                + String.join(
                                        ", ",
                                        programs.fields().stream()
                                                .map(Field::key)
                                                .sorted()
                                                .toList())
                                + "), got '"
                                + names.get(k)
                                + "'");
            } else if (method == Method.IDENTITY && field.get() != Field.C) {
                errors.add(
                        pointer + "/" + k,
                        "'identity' has a gradient for c alone, got '" + names.get(k) + "'");
            } else {
                wrt.add(field.get());
            }
        }
        return wrt;
    }

    /** What the answer is to have besides gradients, or in place of whole ones. */
    private static Set<String> extras(ObjectReader in) {
        List<String> names = in.texts("return");
        Set<String> extras = names == null ? Set.of() : new HashSet<>(names);
        for (String name : extras) {
            if (!name.equals(SOLUTIONS) && !name.equals(FACTORS)) {
                in.fail(
                        "return",
                        "expected a list of some of 'solutions', 'factors', got '" + name + "'");
            }
        }
        return extras;
    }
}
