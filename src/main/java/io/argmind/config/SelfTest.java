package io.argmind.config;

import io.argmind.linalg.Matrix;
import io.argmind.problem.ProblemClass;
import io.argmind.problem.Program;
import io.argmind.solution.Solution;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.Oracle;
import io.argmind.solver.Oracles;
import io.argmind.solver.Solver;
import io.argmind.solver.Solvers;
import io.argmind.solver.VerifiedSession;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Solves a small program on every back-end before the service calls itself ready: a native library
 * may fail only when it is first used.
 */
@Component("solversHealthIndicator")
final class SelfTest implements ApplicationRunner, HealthIndicator {
    private static final Logger LOG = LoggerFactory.getLogger(SelfTest.class);

    private final Solvers solvers;
    private final Oracles oracles;
    private final Map<String, String> results = new ConcurrentHashMap<>();
    private volatile boolean failed;

    SelfTest(Solvers solvers, Oracles oracles) {
        this.solvers = solvers;
        this.oracles = oracles;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        for (Solver solver : solvers.all()) {
            take(solver.name(), test(solver));
        }
        for (Oracle oracle : oracles.all()) {
            take(oracle.name(), test(oracle));
        }
    }

    private void take(String name, String result) {
        results.put(name, result);
        if (!result.equals("ok")) {
            failed = true;
            LOG.error("{} failed its self-test: {}", name, result);
        }
    }

    private static String test(Oracle oracle) {
        try {
            return OracleSelfTest.test(oracle);
        } catch (RuntimeException | LinkageError e) {
            LOG.error("{} cannot be used", oracle.name(), e);
            return "cannot be used: " + e.getMessage();
        }
    }

    @Override
    public Health health() {
        Health.Builder health = failed || results.isEmpty() ? Health.down() : Health.up();
        return health.withDetails(new TreeMap<>(results)).build();
    }

    /**
     * min (x0^2 + x1^2)/2 - x0 - x1 over 0 &lt;= x &lt;= 2 (x = (1, 1)); without the quadratic part
     * x = (2, 2).
     */
    private String test(Solver solver) {
        boolean quadratic =
                solver.capabilities().classes().stream().noneMatch(c -> !c.isQuadratic());
        boolean integer =
                solver.capabilities().classes().stream().allMatch(ProblemClass::hasIntegers);
        Program program =
                new Program(
                        quadratic ? Matrix.diagonal(new double[] {1, 1}) : Matrix.empty(2, 2),
                        new double[] {-1, -1},
                        Matrix.empty(0, 2),
                        new double[0],
                        Matrix.empty(0, 2),
                        new double[0],
                        new double[2],
                        new double[] {2, 2},
                        integer ? new int[] {0, 1} : new int[0]);
        double expected = quadratic ? -1 : -4;
        try (VerifiedSession session = new VerifiedSession(solver, solvers.referees())) {
            Solution solution = session.solve(program, null, Limits.generous());
            if (solution.status() != Status.OPTIMAL || solution.point() == null) {
                return "expected an optimum, got " + solution.status().key();
            }
            double objective = solution.point().objective();
            return Math.abs(objective - expected) < 1e-6
                    ? "ok"
                    : "expected " + expected + ", got " + objective;
        } catch (RuntimeException | LinkageError e) {
            LOG.error("{} cannot be used", solver.name(), e);
            return "cannot be used: " + e.getMessage();
        }
    }
}
