package io.argmind.rest;

import io.argmind.dispatch.Admission;
import io.argmind.dispatch.Allowance;
import io.argmind.dispatch.BackwardService;
import io.argmind.dispatch.DiscreteService;
import io.argmind.dispatch.DispatchSettings;
import io.argmind.dispatch.Footprint;
import io.argmind.dispatch.NoisyService;
import io.argmind.dispatch.RegisteredProblems;
import io.argmind.dispatch.RetainedSolves;
import io.argmind.dispatch.SolveOptions;
import io.argmind.dispatch.Tenant;
import io.argmind.lpgd.BackwardPass;
import io.argmind.lpgd.LpgdSettings;
import io.argmind.lpgd.Upstream;
import io.argmind.lpgd.linear.LinearMethod;
import io.argmind.lpgd.linear.LinearSettings;
import io.argmind.lpgd.linear.Noise;
import io.argmind.lpgd.linear.Proximal;
import io.argmind.problem.ErrorList;
import io.argmind.problem.Field;
import io.argmind.problem.Programs;
import io.argmind.problem.discrete.DiscretePrograms;
import io.argmind.problem.discrete.Kind;
import io.argmind.solver.Solvers;
import io.argmind.tensor.Value;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
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
    private final DiscreteService discrete;
    private final NoisyService noisy;
    private final RegisteredProblems registered;
    private final RetainedSolves retained;
    private final DispatchSettings settings;

    BackwardEndpoint(
            BackwardService backward,
            DiscreteService discrete,
            NoisyService noisy,
            RegisteredProblems registered,
            RetainedSolves retained,
            DispatchSettings settings) {
        this.backward = backward;
        this.discrete = discrete;
        this.noisy = noisy;
        this.registered = registered;
        this.retained = retained;
        this.settings = settings;
    }

    /** What a request has besides its solve. */
    private record Request(
            ObjectReader in,
            ErrorList errors,
            String solver,
            SolveOptions options,
            MethodReader method,
            @Nullable List<String> wrt,
            ObjectReader gradient,
            ProblemReader.Precision precision,
            Set<String> extras,
            Allowance memory) {

        static Request of(ObjectReader in, long deadlineNanos, Tenant tenant, Allowance memory) {
            ErrorList errors = new ErrorList();
            return new Request(
                    in,
                    errors,
                    in.text("solver", Solvers.AUTO),
                    OptionsReader.read(in, errors, deadlineNanos, tenant),
                    new MethodReader(in, errors),
                    in.texts("wrt"),
                    in.object("gradient", true),
                    new ProblemReader.Precision(),
                    wanted(in),
                    memory);
        }

        void throwIfWrong() {
            in.throwIfMalformed();
            errors.throwIfAny();
        }
    }

    @PostMapping(
            path = "/lpgd-backward",
            consumes = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE},
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    Object answer(
            @RequestBody Value body,
            @RequestAttribute(AdmissionFilter.DEADLINE) long deadlineNanos,
            @RequestAttribute(Tenant.ATTRIBUTE) Tenant tenant,
            @RequestAttribute(AdmissionFilter.TICKET) Admission.Ticket ticket,
            HttpServletRequest request) {
        return Cancellable.answer(
                request, () -> differentiate(body, deadlineNanos, tenant, ticket));
    }

    /** The answer. */
    Value differentiate(Value body, long deadlineNanos, Tenant tenant, Allowance memory) {
        ObjectReader in = ObjectReader.ofBody(body);
        Request request = Request.of(in, deadlineNanos, tenant, memory);
        ObjectReader reference = in.object("solve", true);
        in.refuseOthers();
        RetainedSolves.Retained solve =
                new ReferenceReader(tenant, registered, retained, settings)
                        .read(reference, request.method.method(), request.errors);
        return switch (solve) {
            case RetainedSolves.Continuous c ->
                    request.method.method().isStochastic()
                            ? differentiate(withoutDuals(c), request)
                            : differentiate(c, request);
            case RetainedSolves.Noisy c -> differentiate(c, request);
            case RetainedSolves.Combinatorial c -> differentiate(c, request);
        };
    }

    private Value differentiate(RetainedSolves.Continuous solve, Request request) {
        Programs programs = solve.programs();
        Upstream upstream =
                upstream(
                        new PointReader(
                                        request.gradient,
                                        programs,
                                        request.errors,
                                        request.precision)
                                .ignoringInstancesWithout(solve.solved().solutions()),
                        programs);
        request.gradient.refuseOthers();
        request.method.checkTau(programs.size(), programs.batched());
        LpgdSettings lpgd = request.method.forPrograms(programs.isLinear());
        Set<Field> wrt = wrt(request, programs);
        request.throwIfWrong();
        request.memory.take(Footprint.ofBackward(programs, wrt));
        BackwardPass pass =
                new BackwardPass(
                        programs,
                        solve.solved(),
                        upstream,
                        lpgd,
                        wrt,
                        request.extras.contains(FACTORS));
        BackwardService.Answer answer =
                backward.differentiate(pass, programs, request.solver, request.options);
        return AnswerWriter.differentiated(
                programs,
                answer,
                request.precision.answerType(),
                request.extras.contains(SOLUTIONS));
    }

    private static RetainedSolves.Noisy withoutDuals(RetainedSolves.Continuous solve) {
        List<double @Nullable []> x = new ArrayList<>();
        solve.solved().solutions().forEach(point -> x.add(point == null ? null : point.x()));
        return new RetainedSolves.Noisy(solve.programs(), x, null);
    }

    private Value differentiate(RetainedSolves.Noisy solve, Request request) {
        Programs programs = solve.programs();
        ErrorList errors = request.errors;
        if (!programs.isLinear()) {
            errors.add(
                    request.in.at("method"),
                    "'"
                            + request.method.method().key()
                            + "' is for combinatorial problems and programs with a linear objective and no cones, use 'lpgd'");
        }
        int[] shape = {programs.n()};
        Seen seen =
                Seen.read(request, programs.size(), programs.batched(), shape, solve.solutions());
        for (String name : new String[] {"y", "z", "s"}) {
            if (request.gradient.has(name)) {
                request.gradient.value(name);
                errors.add(
                        request.gradient.at(name),
                        "a mean over noisy costs has no such part, expected upstream gradients on x, objective");
            }
        }
        request.gradient.refuseOthers();
        LinearSettings linear =
                request.method.forLinear(programs.size(), programs.batched(), solve.noise(), false);
        refuseAfterNoise(solve.noise(), linear, request);
        Set<Field> wrt = wrt(request, programs);
        request.throwIfWrong();
        request.memory.take(Footprint.ofCosts(programs.size(), programs.n()));
        DiscreteService.BackwardAnswer answer =
                noisy.differentiate(
                        programs,
                        solve.solutions(),
                        seen.x,
                        seen.objective,
                        linear,
                        request.solver,
                        request.options);
        return DiscreteWriter.differentiated(
                programs,
                answer,
                wrt.contains(Field.C),
                request.precision.answerType(),
                request.extras.contains(SOLUTIONS));
    }

    /** What the loss sees of decisions: upstream gradients on x and on the objective. */
    private record Seen(double @Nullable [] x, double @Nullable [] objective) {
        static Seen read(
                Request request,
                int size,
                boolean batched,
                int[] shape,
                List<double @Nullable []> solutions) {
            RowReader rows =
                    new RowReader(
                                    request.gradient,
                                    size,
                                    batched,
                                    request.errors,
                                    request.precision)
                            .ignoringInstancesWithout(solutions);
            return new Seen(rows.rows("x", shape, false), rows.numbers("objective"));
        }
    }

    private static void refuseAfterNoise(
            @Nullable Noise noise, LinearSettings linear, Request request) {
        if (noise != null && linear.method().needsMinimum()) {
            request.errors.add(
                    request.in.at("method"),
                    "this solve has noise on its costs, expected 'perturbed', 'imle' or 'identity', got '"
                            + linear.method().key()
                            + "'");
        }
    }

    private Value differentiate(RetainedSolves.Combinatorial solve, Request request) {
        DiscretePrograms programs = solve.programs();
        ErrorList errors = request.errors;
        int[] shape = programs.set().shape();
        Seen seen =
                Seen.read(request, programs.size(), programs.batched(), shape, solve.solutions());
        request.gradient.refuseOthers();
        boolean proximal = DiscreteService.proximal(programs.set()) != Proximal.QUADRATIC;
        LinearSettings linear =
                request.method.forLinear(
                        programs.size(), programs.batched(), solve.noise(), proximal);
        refuseAfterNoise(solve.noise(), linear, request);
        List<String> names = request.wrt == null ? List.of() : request.wrt;
        for (int k = 0; k < names.size(); k++) {
            if (!names.get(k).equals(Kind.COST)) {
                errors.add(
                        request.in.at("wrt") + "/" + k,
                        "combinatorial problems have a gradient for 'cost' alone, got '"
                                + names.get(k)
                                + "'");
            }
        }
        request.throwIfWrong();
        request.memory.take(Footprint.ofCosts(programs.size(), programs.n()));
        DiscreteService.BackwardAnswer answer =
                discrete.differentiate(
                        programs,
                        solve.solutions(),
                        seen.x,
                        seen.objective,
                        linear,
                        request.solver,
                        request.options);
        return DiscreteWriter.differentiated(
                programs,
                answer,
                request.precision.answerType(),
                request.extras.contains(SOLUTIONS));
    }

    private static Upstream upstream(PointReader in, Programs programs) {
        return new Upstream(
                in.rows("x", programs.n(), false),
                in.rows("y", programs.p(), false),
                in.rows("z", programs.m(), false),
                in.rows("s", programs.m(), false),
                in.numbers("objective"));
    }

    private static Set<Field> wrt(Request request, Programs programs) {
        LinearMethod method = request.method.method();
        boolean costOnly =
                method.isStochastic()
                        || method == LinearMethod.IDENTITY
                        || method == LinearMethod.BLACKBOX;
        Set<Field> wrt = EnumSet.noneOf(Field.class);
        List<String> names = request.wrt;
        if (names == null) {
            wrt.addAll(costOnly ? Set.of(Field.C) : programs.fields());
            return wrt;
        }
        for (int k = 0; k < names.size(); k++) {
            String at = request.in.at("wrt") + "/" + k;
            Optional<Field> field = Field.of(names.get(k)).filter(programs.fields()::contains);
            if (field.isEmpty()) {
                request.errors.add(
                        at,
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
            } else if (costOnly && field.get() != Field.C) {
                request.errors.add(
                        at,
                        "'"
                                + method.key()
                                + "' has a gradient for c alone, got '"
                                + names.get(k)
                                + "'");
            } else {
                wrt.add(field.get());
            }
        }
        return wrt;
    }

    /** What the answer is to have besides gradients, or in place of whole ones. */
    private static Set<String> wanted(ObjectReader in) {
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
