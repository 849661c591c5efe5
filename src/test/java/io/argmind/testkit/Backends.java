package io.argmind.testkit;

import io.argmind.problem.ProblemClass;
import io.argmind.problem.Program;
import io.argmind.solver.Plan;
import io.argmind.solver.Referees;
import io.argmind.solver.Solver;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Every back-end in the service's own classes, and the one of the tests. */
public final class Backends {
    private static final List<Solver> ALL = find();

    private Backends() {}

    /** The back-ends that solve a class. */
    public static Stream<Solver> solving(ProblemClass problemClass) {
        return ALL.stream().filter(s -> s.capabilities().solves(problemClass));
    }

    /** The back-ends that take all of these programs. */
    public static List<Solver> taking(List<Program> programs) {
        return ALL.stream().filter(s -> programs.stream().allMatch(q -> takes(s, q))).toList();
    }

    private static boolean takes(Solver solver, Program program) {
        return solver.capabilities().solves(program.problemClass())
                && solver.refuse(program).isEmpty();
    }

    /** Only this back-end. */
    public static Plan only(Solver solver) {
        return new Plan(List.of(solver), "the only one");
    }

    /** Second opinions from the back-end itself where it can, otherwise from others. */
    public static Referees referees() {
        Solver lp =
                ALL.stream().filter(s -> s.name().equals("ortools-glop")).findFirst().orElseThrow();
        Solver reference = new ReferenceSolver();
        return new Referees(lp, reference, List.of(reference));
    }

    private static List<Solver> find() {
        List<Solver> found = new ArrayList<>();
        found.add(new ReferenceSolver());
        try {
            Path classes =
                    Path.of(
                            Solver.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
            try (Stream<Path> files = Files.walk(classes.resolve("io/argmind/solver"))) {
                for (Path file : files.sorted().toList()) {
                    String name = classes.relativize(file).toString().replace('/', '.');
                    if (name.endsWith("Solver.class")) {
                        add(found, Class.forName(name.substring(0, name.length() - 6)));
                    }
                }
            }
        } catch (IOException | URISyntaxException | ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
        return List.copyOf(found);
    }

    private static void add(List<Solver> found, Class<?> type) throws ReflectiveOperationException {
        boolean concrete = !type.isInterface() && !Modifier.isAbstract(type.getModifiers());
        if (concrete && Solver.class.isAssignableFrom(type)) {
            found.add((Solver) type.getConstructor().newInstance());
        }
    }
}
