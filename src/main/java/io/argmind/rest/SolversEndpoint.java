package io.argmind.rest;

import io.argmind.problem.ProblemClass;
import io.argmind.solver.Capabilities;
import io.argmind.solver.Oracle;
import io.argmind.solver.Oracles;
import io.argmind.solver.Solver;
import io.argmind.solver.Solvers;
import io.argmind.tensor.Value;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
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
        List<Value> all =
                Stream.concat(
                                solvers.all().stream().map(SolversEndpoint::describe),
                                oracles.all().stream().map(SolversEndpoint::describe))
                        .toList();
        return new Value.Obj(Map.of("solvers", new Value.Items(all)));
    }

    @GetMapping(path = "/openapi.yaml", produces = "application/yaml")
    ResponseEntity<Resource> contract() {
        return ResponseEntity.ok()
                .contentType(MediaType.valueOf("application/yaml"))
                .body(CONTRACT);
    }

    private static Value describe(Solver solver) {
        Capabilities can = solver.capabilities();
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("name", new Value.Text(can.name()));
        members.put("version", new Value.Text(can.version()));
        members.put("classes", classes(can.classes()));
        members.put("duals", new Value.Text(key(can.duals())));
        members.put("warm_start", new Value.Text(key(can.warmStart())));
        members.put("time_limit", classes(can.limited()));
        members.put("interrupt", new Value.Bool(!can.limited().isEmpty()));
        members.put("certificates", new Value.Bool(can.certificates()));
        members.put("batch", new Value.Bool(true));
        members.put("auto", classes(can.classes().stream().filter(can::isSafeFor).toList()));
        members.put("notes", new Value.Text(can.notes()));
        return new Value.Obj(members);
    }

    private static Value describe(Oracle oracle) {
        Value kinds =
                new Value.Items(
                        oracle.kinds().stream()
                                .sorted()
                                .<Value>map(kind -> new Value.Text(kind.key()))
                                .toList());
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("name", new Value.Text(oracle.name()));
        members.put("version", new Value.Text(oracle.version()));
        members.put("classes", kinds);
        members.put("duals", new Value.Text(key(Capabilities.Duals.NONE)));
        members.put("warm_start", new Value.Text(key(Capabilities.WarmStarts.NONE)));
        members.put("time_limit", kinds);
        members.put("interrupt", new Value.Bool(true));
        members.put("certificates", new Value.Bool(false));
        members.put("batch", new Value.Bool(true));
        members.put("auto", kinds);
        members.put("notes", new Value.Text(oracle.notes()));
        return new Value.Obj(members);
    }

    private static Value classes(Collection<ProblemClass> classes) {
        return new Value.Items(
                classes.stream().sorted().<Value>map(c -> new Value.Text(c.name())).toList());
    }

    private static String key(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
