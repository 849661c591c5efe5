package io.argmind.testkit;

import io.argmind.problem.ProblemClass;
import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solver.Capabilities;
import io.argmind.solver.Limits;
import io.argmind.solver.Session;
import io.argmind.solver.Solver;
import io.argmind.solver.WarmStart;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A back-end that says what a test tells it to say, and counts what is asked of it. */
public final class Scripted implements Solver {
    private final String name;
    private final Set<ProblemClass> classes;
    private final Set<ProblemClass> limited;
    private final Function<Program, Claim> script;
    private Predicate<Program> refused = program -> false;
    private double seconds = 1;
    public final AtomicInteger solves = new AtomicInteger();
    public final AtomicInteger resolves = new AtomicInteger();
    public final AtomicInteger opened = new AtomicInteger();
    public final AtomicInteger closed = new AtomicInteger();

    private Scripted(
            String name,
            Set<ProblemClass> classes,
            Set<ProblemClass> limited,
            Function<Program, Claim> script) {
        this.name = name;
        this.classes = classes;
        this.limited = limited;
        this.script = script;
    }

    /** Takes every class. */
    public static Scripted of(String name, Function<Program, Claim> script) {
        Set<ProblemClass> all = EnumSet.allOf(ProblemClass.class);
        return new Scripted(name, all, all, script);
    }

    /** Solves like another back-end. */
    public static Scripted like(String name, Solver other) {
        return of(
                name,
                program -> {
                    try (Session session = other.open()) {
                        return session.solve(program, null, Limits.generous());
                    }
                });
    }

    /** Takes these classes only, and keeps time limits in some. */
    public Scripted only(Set<ProblemClass> some, Set<ProblemClass> safe) {
        Scripted copy = new Scripted(name, some, safe, script);
        copy.refused = refused;
        copy.seconds = seconds;
        return copy;
    }

    public Scripted refusing(Predicate<Program> programs) {
        refused = programs;
        return this;
    }

    public Scripted taking(double expectedSeconds) {
        seconds = expectedSeconds;
        return this;
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(
                name,
                "1",
                classes,
                limited,
                Capabilities.Duals.ROWS_AND_BOUNDS,
                Capabilities.WarmStarts.NONE,
                false,
                false,
                "");
    }

    @Override
    public Optional<String> refuse(Program program) {
        return refused.test(program) ? Optional.of("it is not in the script") : Optional.empty();
    }

    @Override
    public double estimateSeconds(Program program) {
        return seconds;
    }

    @Override
    public Session open() {
        opened.incrementAndGet();
        return new Session() {
            @Override
            public Claim solve(Program program, @Nullable WarmStart warm, Limits limits) {
                solves.incrementAndGet();
                return script.apply(program);
            }

            @Override
            public Claim resolve(Program program, Limits limits) {
                resolves.incrementAndGet();
                return script.apply(program);
            }

            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };
    }
}
