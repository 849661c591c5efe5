package io.argmind.rest;

import io.argmind.problem.ProblemClass;
import io.argmind.problem.discrete.Kind;
import io.argmind.solver.Capabilities;
import io.argmind.solver.Oracle;
import io.argmind.solver.Solver;
import io.argmind.tensor.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a solver says of itself. One name can stand for a back-end of programs and one of
 * combinatorial kinds; together they are one solver.
 */
record SolverDescription(
        String name,
        String version,
        List<String> classes,
        String duals,
        String warmStart,
        List<String> limited,
        boolean certificates,
        List<String> auto,
        boolean isolated,
        String notes) {

    static SolverDescription of(Solver solver) {
        Capabilities can = solver.capabilities();
        return new SolverDescription(
                can.name(),
                can.version(),
                can.classes().stream().sorted().map(ProblemClass::name).toList(),
                key(can.duals()),
                key(can.warmStart()),
                can.limited().stream().sorted().map(ProblemClass::name).toList(),
                can.certificates(),
                can.classes().stream()
                        .filter(can::isSafeFor)
                        .sorted()
                        .map(ProblemClass::name)
                        .toList(),
                solver.isolated(),
                can.notes());
    }

    static SolverDescription of(Oracle oracle) {
        List<String> kinds = oracle.kinds().stream().sorted().map(Kind::key).toList();
        List<String> limited = oracle.interruptible() ? kinds : List.of();
        return new SolverDescription(
                oracle.name(),
                oracle.version(),
                kinds,
                key(Capabilities.Duals.NONE),
                key(Capabilities.WarmStarts.NONE),
                limited,
                false,
                limited,
                oracle.isolated(),
                oracle.notes());
    }

    /** Adds it to others, or to the one of the same name. */
    void addTo(Map<String, SolverDescription> others) {
        others.merge(name, this, SolverDescription::and);
    }

    private SolverDescription and(SolverDescription kinds) {
        return new SolverDescription(
                name,
                version,
                both(classes, kinds.classes),
                duals,
                warmStart,
                both(limited, kinds.limited),
                certificates,
                both(auto, kinds.auto),
                isolated && kinds.isolated,
                notes + " " + kinds.notes);
    }

    private static List<String> both(List<String> a, List<String> b) {
        return Stream.concat(a.stream(), b.stream()).toList();
    }

    Value value() {
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("name", new Value.Text(name));
        members.put("version", new Value.Text(version));
        members.put("classes", texts(classes));
        members.put("duals", new Value.Text(duals));
        members.put("warm_start", new Value.Text(warmStart));
        members.put("time_limit", texts(limited));
        members.put("interrupt", new Value.Bool(!limited.isEmpty()));
        members.put("certificates", new Value.Bool(certificates));
        members.put("batch", new Value.Bool(true));
        members.put("auto", texts(auto));
        members.put("isolated", new Value.Bool(isolated));
        members.put("notes", new Value.Text(notes));
        return new Value.Obj(members);
    }

    private static Value texts(List<String> all) {
        return new Value.Items(all.stream().<Value>map(Value.Text::new).toList());
    }

    private static String key(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
