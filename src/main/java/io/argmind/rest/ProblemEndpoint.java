package io.argmind.rest;

import io.argmind.dispatch.DispatchSettings;
import io.argmind.dispatch.RegisteredProblems;
import io.argmind.dispatch.Tenant;
import io.argmind.problem.ProgramBuilder;
import io.argmind.problem.discrete.DiscreteBuilder;
import io.argmind.tensor.Value;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** {@code PUT /problems}. */
@RestController
final class ProblemEndpoint {
    private final RegisteredProblems registered;
    private final DispatchSettings settings;

    ProblemEndpoint(RegisteredProblems registered, DispatchSettings settings) {
        this.registered = registered;
        this.settings = settings;
    }

    @PutMapping(
            path = "/problems",
            consumes = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE},
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    Value register(@RequestBody Value body, @RequestAttribute(Tenant.ATTRIBUTE) Tenant tenant) {
        RegisteredProblems.Own own = registered.of(tenant);
        RegisteredProblems.Registered sent = ProblemReader.read(ObjectReader.ofBody(body), own);
        switch (sent) {
            case RegisteredProblems.OfPrograms p ->
                    ProgramBuilder.checkPart(p.sent(), "", settings.maxInstances());
            case RegisteredProblems.OfDiscrete d ->
                    DiscreteBuilder.checkPart(d.sent(), "", settings.maxInstances());
        }
        return new Value.Obj(Map.of("id", new Value.Text(own.register(sent))));
    }
}
