package io.argmind.solver;

import io.argmind.problem.InvalidProblemException;
import io.argmind.problem.ProblemClass;
import io.argmind.problem.Program;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The back-ends of this service, and the choice among them, which explains itself. */
public final class Solvers {
    /** The name that leaves the choice to the service. */
    public static final String AUTO = "auto";

    private static final int RUNGS = 3;

    private final List<Solver> all;

    public Solvers(List<? extends Solver> all) {
        this.all = List.copyOf(all);
    }

    public List<Solver> all() {
        return all;
    }

    /**
     * Whom to ask about programs of one class.
     *
     * @param name a back-end or {@link #AUTO}
     * @param programs the programs to solve; all must be acceptable to the first back-end
     * @throws InvalidProblemException with pointer {@code /solver} if nobody, or not the one named,
     *     can do it
     */
    public Plan plan(String name, ProblemClass problemClass, List<Program> programs) {
        return name.equals(AUTO)
                ? choose(problemClass, programs)
                : named(name, problemClass, programs);
    }

    private Plan named(String name, ProblemClass problemClass, List<Program> programs) {
        Solver solver =
                all.stream()
                        .filter(s -> s.name().equals(name))
                        .findFirst()
                        .orElseThrow(() ->
                                invalid(
                                        "unknown solver '"
                                                + name
                                                + "', expected "
                                                + AUTO
                                                + " or one of "
                                                + names(all)));
        if (!solver.capabilities().solves(problemClass)) {
            throw invalid(
                    name
                            + " does not solve programs of class "
                            + problemClass
                            + "; these do: "
                            + names(filter(s -> s.capabilities().solves(problemClass))));
        }
        for (int i = 0; i < programs.size(); i++) {
            Optional<String> refusal = solver.refuse(programs.get(i));
            if (refusal.isPresent()) {
                throw invalid(name + " cannot take instance " + i + ": " + refusal.get());
            }
        }
        return new Plan(List.of(solver), "named in the request");
    }

    private Plan choose(ProblemClass problemClass, List<Program> programs) {
        List<Rung> ladder =
                filter(s -> s.capabilities().isSafeFor(problemClass)).stream()
                        .map(s -> Rung.of(s, programs))
                        .sorted(Comparator.comparingDouble(Rung::seconds))
                        .filter(r -> programs.stream().allMatch(p -> r.solver.refuse(p).isEmpty()))
                        .limit(RUNGS)
                        .toList();
        if (ladder.isEmpty()) {
            boolean possible = all.stream().anyMatch(s -> s.capabilities().solves(problemClass));
            throw invalid(
                    possible
                            ? "no solver here can do these programs of class "
                                    + problemClass
                                    + " and keep time limits"
                            : "no solver here can do programs of class " + problemClass);
        }
        return new Plan(
                ladder.stream().map(Rung::solver).toList(), reason(problemClass, programs, ladder));
    }

    /**
     * A back-end that could do it.
     *
     * @param seconds it is expected to take for the first program; 0 if there is none
     */
    private record Rung(Solver solver, double seconds) {
        static Rung of(Solver solver, List<Program> programs) {
            return new Rung(
                    solver, programs.isEmpty() ? 0 : solver.estimateSeconds(programs.getFirst()));
        }
    }

    private static String reason(
            ProblemClass problemClass, List<Program> programs, List<Rung> ladder) {
        if (programs.isEmpty()) {
            return "an empty batch";
        }
        Program typical = programs.getFirst();
        Rung best = ladder.getFirst();
        return problemClass
                + " with "
                + typical.n()
                + " variables and "
                + (typical.p() + typical.m())
                + " rows: "
                + Reasons.fastest(
                        best.solver.name(),
                        best.seconds,
                        names(ladder.stream().map(Rung::solver).toList()));
    }

    /** Whom to ask how solutions of programs like this one move; nobody, if nobody knows. */
    public List<Solver> directionsOf(Program program) {
        return filter(s ->
                        s.givesDirections()
                                && s.capabilities().solves(program.problemClass())
                                && s.refuse(program).isEmpty())
                .stream()
                .limit(1)
                .toList();
    }

    /** Who gives second opinions: the quickest safe back-ends with duals, and one for integers. */
    public Referees referees() {
        return new Referees(
                first(ProblemClass.LP, Capabilities.Duals.ROWS_AND_BOUNDS)
                        .orElseThrow(() -> new IllegalStateException("no LP solver gives duals")),
                first(ProblemClass.QP, Capabilities.Duals.ROWS_AND_BOUNDS).orElse(null),
                filter(s -> s.capabilities().classes().contains(ProblemClass.MILP)));
    }

    private Optional<Solver> first(ProblemClass problemClass, Capabilities.@Nullable Duals duals) {
        return all.stream()
                .filter(s -> s.capabilities().isSafeFor(problemClass))
                .filter(s -> duals == null || s.capabilities().duals() == duals)
                .findFirst();
    }

    private List<Solver> filter(Predicate<Solver> predicate) {
        return all.stream().filter(predicate).toList();
    }

    private static String names(List<Solver> solvers) {
        return solvers.stream().map(Solver::name).collect(Collectors.joining(", "));
    }

    private static InvalidProblemException invalid(String detail) {
        return new InvalidProblemException("/solver", detail);
    }
}
