package io.argmind.rest;

import io.argmind.solver.Oracle;
import io.argmind.solver.Oracles;
import io.argmind.solver.Solver;
import io.argmind.solver.Solvers;
import io.argmind.tensor.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What this service is: its solvers and its contract. */
@RestController
final class SolversEndpoint {
    private static final Resource CONTRACT = new ClassPathResource("openapi.yaml");

    private final Solvers solvers;
    private final Oracles oracles;

    SolversEndpoint(Solvers solvers, Oracles oracles) {
        this.solvers = solvers;
        this.oracles = oracles;
    }

    @GetMapping(
            path = "/solvers",
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    Value solvers() {
        Map<String, SolverDescription> all = new LinkedHashMap<>();
        for (Solver solver : solvers.all()) {
            SolverDescription.of(solver).addTo(all);
        }
        for (Oracle oracle : oracles.all()) {
            SolverDescription.of(oracle).addTo(all);
        }
        List<Value> list = all.values().stream().map(SolverDescription::value).toList();
        return new Value.Obj(Map.of("solvers", new Value.Items(list)));
    }

    @GetMapping(path = "/openapi.yaml", produces = "application/yaml")
    ResponseEntity<Resource> contract() {
        return ResponseEntity.ok()
                .contentType(MediaType.valueOf("application/yaml"))
                .body(CONTRACT);
    }
}
