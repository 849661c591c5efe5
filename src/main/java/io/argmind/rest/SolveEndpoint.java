package io.argmind.rest;

import io.argmind.dispatch.Admission;
import io.argmind.dispatch.Allowance;
import io.argmind.dispatch.DiscreteService;
import io.argmind.dispatch.DispatchSettings;
import io.argmind.dispatch.Footprint;
import io.argmind.dispatch.NoisyService;
import io.argmind.dispatch.RegisteredProblems;
import io.argmind.dispatch.SolveOptions;
import io.argmind.dispatch.SolveService;
import io.argmind.dispatch.Tenant;
import io.argmind.lpgd.linear.Noise;
import io.argmind.problem.ErrorList;
import io.argmind.problem.ProgramBuilder;
import io.argmind.problem.Programs;
import io.argmind.problem.SentProblem;
import io.argmind.problem.discrete.DiscreteBuilder;
import io.argmind.problem.discrete.DiscretePrograms;
import io.argmind.problem.discrete.SentDiscrete;
import io.argmind.solver.Solvers;
import io.argmind.tensor.DataType;
import io.argmind.tensor.Value;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /solve}. */
@RestController
final class SolveEndpoint {
    private final SolveService solves;
    private final DiscreteService discrete;
    private final NoisyService noisy;
    private final RegisteredProblems registered;
    private final DispatchSettings settings;

    SolveEndpoint(
            SolveService solves,
            DiscreteService discrete,
            NoisyService noisy,
            RegisteredProblems registered,
            DispatchSettings settings) {
        this.solves = solves;
        this.discrete = discrete;
        this.noisy = noisy;
        this.registered = registered;
        this.settings = settings;
    }

    /** What a request has besides its problem. */
    private record Request(
            ObjectReader in,
            ErrorList errors,
            String solver,
            SolveOptions options,
            ObjectReader warm,
            @Nullable NoiseReader noise,
            boolean retain,
            Allowance memory) {

        static Request of(ObjectReader in, long deadlineNanos, Tenant tenant, Allowance memory) {
            ErrorList errors = new ErrorList();
            String solver = in.text("solver", Solvers.AUTO);
            boolean retain = in.bool("retain", true);
            SolveOptions options = OptionsReader.read(in, errors, deadlineNanos, tenant);
            ObjectReader warm = in.object("warm_start", false);
            ObjectReader perturbation = in.object("perturbation", false);
            NoiseReader noise =
                    in.has("perturbation") ? new NoiseReader(perturbation, errors) : null;
            perturbation.refuseOthers();
            return new Request(in, errors, solver, options, warm, noise, retain, memory);
        }

        void throwIfWrong() {
            in.throwIfMalformed();
            errors.throwIfAny();
        }
    }

    @PostMapping(
            path = "/solve",
            consumes = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE},
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    Object answer(
            @RequestBody Value body,
            @RequestAttribute(AdmissionFilter.DEADLINE) long deadlineNanos,
            @RequestAttribute(Tenant.ATTRIBUTE) Tenant tenant,
            @RequestAttribute(AdmissionFilter.TICKET) Admission.Ticket ticket,
            HttpServletRequest request) {
        return Cancellable.answer(request, () -> solve(body, deadlineNanos, tenant, ticket));
    }

    /** The answer. */
    Value solve(Value body, long deadlineNanos, Tenant tenant, Allowance memory) {
        ObjectReader in = ObjectReader.ofBody(body);
        Request request = Request.of(in, deadlineNanos, tenant, memory);
        ObjectReader problem = in.object("problem", true);
        in.refuseOthers();
        return switch (ProblemReader.read(problem, registered.of(tenant))) {
            case RegisteredProblems.OfPrograms p -> solve(p.sent(), request);
            case RegisteredProblems.OfDiscrete d -> solve(d.sent(), request);
        };
    }

    private Value solve(SentProblem sent, Request request) {
        ObjectReader in = request.in;
        ErrorList errors = request.errors;
        Programs programs = ProgramBuilder.build(sent, "/problem", settings.maxInstances(), errors);
        SolveService.WarmStarts warmStarts =
                in.has("warm_start") ? warmStarts(request.warm, programs, errors) : null;
        DataType type = sent.singlePrecision() ? DataType.FLOAT32 : DataType.FLOAT64;
        if (request.noise != null) {
            return solveWithNoise(programs, request.noise, request, type);
        }
        request.throwIfWrong();
        request.memory.take(Footprint.ofSolve(programs));
        SolveService.Answer answer =
                solves.solve(programs, request.solver, request.options, warmStarts, request.retain);
        return AnswerWriter.solved(programs, answer, type);
    }

    private Value solveWithNoise(
            Programs programs, NoiseReader sent, Request request, DataType type) {
        if (request.in.has("warm_start")) {
            request.errors.add(
                    request.in.at("warm_start"),
                    "solves with noise start from nothing, expected no warm start");
        }
        if (!programs.isLinear()) {
            request.errors.add(
                    request.in.at("perturbation"),
                    "is for combinatorial problems and programs with a linear objective and no cones");
        }
        Noise noise = sent.forBatch(programs.size(), programs.batched(), null);
        request.throwIfWrong();
        request.memory.take(Footprint.ofNoise(programs));
        return DiscreteWriter.solved(
                programs,
                noisy.solve(programs, request.solver, request.options, noise, request.retain),
                type);
    }

    private Value solve(SentDiscrete sent, Request request) {
        ErrorList errors = request.errors;
        if (request.in.has("warm_start")) {
            errors.add(
                    request.in.at("warm_start"),
                    "combinatorial solvers start from nothing, expected no warm start");
        }
        DiscretePrograms programs =
                DiscreteBuilder.build(sent, "/problem", settings.maxInstances(), errors);
        Noise noise =
                request.noise == null
                        ? null
                        : request.noise.forBatch(programs.size(), programs.batched(), null);
        request.throwIfWrong();
        request.memory.take(Footprint.ofSolve(programs));
        DiscreteService.Answer answer =
                discrete.solve(programs, request.solver, request.options, noise, request.retain);
        DataType type = sent.singlePrecision() ? DataType.FLOAT32 : DataType.FLOAT64;
        return DiscreteWriter.solved(programs, answer, type);
    }

    private static SolveService.@Nullable WarmStarts warmStarts(
            ObjectReader in, Programs programs, ErrorList errors) {
        PointReader reader = new PointReader(in, programs, errors, new ProblemReader.Precision());
        double[] x = reader.rows("x", programs.n(), true);
        double[] y = reader.rows("y", programs.p(), true);
        double[] z = reader.rows("z", programs.m(), true);
        double[] zBox = reader.rows("z_box", programs.n(), true);
        in.refuseOthers();
        if (!in.has("x") && !in.isNull("x")) {
            errors.add(in.at("x"), "missing: a warm start has x, and may have y, z and z_box");
        }
        return x == null ? null : new SolveService.WarmStarts(x, y, z, zBox);
    }
}
