package io.argmind.rest;

import io.argmind.dispatch.DispatchSettings;
import io.argmind.dispatch.RegisteredProblems;
import io.argmind.dispatch.SolveOptions;
import io.argmind.dispatch.SolveService;
import io.argmind.problem.ErrorList;
import io.argmind.problem.ProgramBuilder;
import io.argmind.problem.Programs;
import io.argmind.problem.SentProblem;
import io.argmind.solver.Solvers;
import io.argmind.tensor.DataType;
import io.argmind.tensor.Value;
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
    private final RegisteredProblems registered;
    private final DispatchSettings settings;

    SolveEndpoint(SolveService solves, RegisteredProblems registered, DispatchSettings settings) {
        this.solves = solves;
        this.registered = registered;
        this.settings = settings;
    }

    @PostMapping(
            path = "/solve",
            consumes = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE},
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    Value solve(
            @RequestBody Value body,
            @RequestAttribute(AdmissionFilter.DEADLINE) long deadlineNanos) {
        ObjectReader in = ObjectReader.ofBody(body);
        ErrorList errors = new ErrorList();
        String solver = in.text("solver", Solvers.AUTO);
        boolean retain = in.bool("retain", true);
        SolveOptions options = OptionsReader.read(in, errors, deadlineNanos);
        ObjectReader warm = in.object("warm_start", false);
        ObjectReader problem = in.object("problem", true);
        in.refuseOthers();
        SentProblem sent = ProblemReader.read(problem, registered);
        Programs programs = ProgramBuilder.build(sent, "/problem", settings.maxInstances(), errors);
        SolveService.WarmStarts warmStarts =
                in.has("warm_start") ? warmStarts(warm, programs, errors) : null;
        in.throwIfMalformed();
        errors.throwIfAny();
        SolveService.Answer answer = solves.solve(programs, solver, options, warmStarts, retain);
        DataType type = sent.singlePrecision() ? DataType.FLOAT32 : DataType.FLOAT64;
        return AnswerWriter.solved(programs, answer, type);
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
