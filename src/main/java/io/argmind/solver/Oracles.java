package io.argmind.solver;

import io.argmind.problem.InvalidProblemException;
import io.argmind.problem.discrete.Discrete;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The oracles of this service, and the choice among them, which explains itself. */
public final class Oracles {
    private static final int RUNGS = 3;

    private final List<Oracle> all;

    public Oracles(List<? extends Oracle> all) {
        this.all = List.copyOf(all);
    }

    public List<Oracle> all() {
        return all;
    }

    /**
     * Whom to ask about one set.
     *
     * @param name an oracle or {@link Solvers#AUTO}
     * @throws InvalidProblemException with pointer {@code /solver} if nobody, or not the one named,
     *     can do it
     */
    public OraclePlan plan(String name, Discrete set) {
        return name.equals(Solvers.AUTO) ? choose(set) : named(name, set);
    }

    private OraclePlan named(String name, Discrete set) {
        String kind = set.kind().key();
        List<Oracle> able = filter(o -> o.kinds().contains(set.kind()));
        Oracle oracle =
                able.stream()
                        .filter(o -> o.name().equals(name))
                        .findFirst()
                        .orElseThrow(() ->
                                invalid(
                                        "'"
                                                + name
                                                + "' does not solve '"
                                                + kind
                                                + "', expected "
                                                + Solvers.AUTO
                                                + " or one of "
                                                + names(able)));
        Optional<String> refusal = oracle.refuse(set);
        if (refusal.isPresent()) {
            throw invalid(name + " cannot take this '" + kind + "': " + refusal.get());
        }
        return new OraclePlan(List.of(oracle), "named in the request");
    }

    private OraclePlan choose(Discrete set) {
        String kind = set.kind().key();
        List<Oracle> able = filter(o -> o.kinds().contains(set.kind()));
        List<Oracle> ladder =
                able.stream()
                        .filter(o -> o.interruptible() && o.refuse(set).isEmpty())
                        .sorted(Comparator.comparingDouble(o -> o.estimateSeconds(set)))
                        .limit(RUNGS)
                        .toList();
        if (ladder.isEmpty()) {
            String why =
                    able.stream()
                            .map(o -> "; " + o.name() + ": " + o.refuse(set).orElse(""))
                            .collect(Collectors.joining());
            throw invalid("no solver here can do this '" + kind + "'" + why);
        }
        Oracle best = ladder.getFirst();
        return new OraclePlan(
                ladder,
                kind
                        + " with "
                        + set.length()
                        + " costs: "
                        + Reasons.fastest(best.name(), best.estimateSeconds(set), names(ladder)));
    }

    private List<Oracle> filter(Predicate<Oracle> predicate) {
        return all.stream().filter(predicate).toList();
    }

    private static String names(List<Oracle> oracles) {
        return oracles.stream().map(Oracle::name).collect(Collectors.joining(", "));
    }

    private static InvalidProblemException invalid(String detail) {
        return new InvalidProblemException("/solver", detail);
    }
}
