package io.argmind.solver;

import io.argmind.linalg.Matrix;
import io.argmind.linalg.Vectors;
import io.argmind.problem.Program;
import io.argmind.solution.Certificate;
import io.argmind.solution.CertificateCheck;
import io.argmind.solution.Claim;
import io.argmind.solution.Solution;
import io.argmind.solution.Status;
import io.argmind.solution.Verifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A session whose answers have been checked outside the back-end: {@code optimal} only if the
 * residuals say so (for programs with integers: integrality, feasibility and bound), {@code
 * infeasible} and {@code unbounded} only with a checked certificate or, where integrality alone
 * makes a program infeasible, a confirming second solve. For programs with other cones than the
 * nonnegative one the certificate must be the back-end's own. Confined to one thread.
 */
public final class VerifiedSession implements AutoCloseable {
    private static final double INTEGRALITY = 1e-5;
    private static final double MIP_GAP = 1e-6;
    private static final double INTEGER_TOLERANCE =
            1e-7; // of feasibility, once integers are rounded

    private final Solver solver;
    private final Referees referees;
    private final Session session;
    private @Nullable Session lpReferee;
    private volatile @Nullable Session running;

    public VerifiedSession(Solver solver, Referees referees) {
        this.solver = solver;
        this.referees = referees;
        this.session = solver.open();
    }

    /**
     * A session that asks the back-end itself again where a second opinion on integers is wanted.
     */
    public VerifiedSession(Solver solver, Solver lpReferee) {
        this(solver, new Referees(lpReferee, null, List.of()));
    }

    /** Solves and verifies; see {@link Session#solve}. */
    public Solution solve(Program program, @Nullable WarmStart warm, Limits limits) {
        return judge(
                program,
                run(session, s -> s.solve(program, warm, limits)),
                limits.withoutIterationLimit());
    }

    /** Goes on from the last solve and verifies; see {@link Session#resolve}. */
    public Solution resolve(Program program, Limits limits) {
        return judge(
                program,
                run(session, s -> s.resolve(program, limits)),
                limits.withoutIterationLimit());
    }

    /** Solves and verifies; see {@link Session#solveAll}. */
    public List<Solution> solveAll(
            List<Program> programs, List<@Nullable WarmStart> warm, Supplier<Limits> limits) {
        List<Claim> claims = runAll(s -> s.solveAll(programs, warm, limits));
        List<Solution> solutions = new ArrayList<>();
        for (int i = 0; i < programs.size(); i++) {
            solutions.add(judge(programs.get(i), claims.get(i), limits));
        }
        return solutions;
    }

    /** Solves and verifies; see {@link Session#solveAlong}. */
    public List<Solution> solveAlong(List<Line> lines, double[] sigma, Supplier<Limits> limits) {
        List<Claim> claims = runAll(s -> s.solveAlong(lines, sigma, limits));
        List<Solution> solutions = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            solutions.add(judge(lines.get(i).at(sigma[i]), claims.get(i), limits));
        }
        return solutions;
    }

    /** See {@link Session#directions}; nobody needs to verify what can be checked by products. */
    public List<@Nullable Direction> directions(List<Line> lines, Supplier<Limits> limits) {
        running = session;
        try {
            return session.directions(lines, limits);
        } finally {
            running = null;
        }
    }

    private Solution judge(Program program, Claim claim, Supplier<Limits> limits) {
        return judge(program, claim, limits.get().withoutIterationLimit());
    }

    private List<Claim> runAll(Function<Session, List<Claim>> call) {
        running = session;
        try {
            return call.apply(session);
        } finally {
            running = null;
        }
    }

    /** Asks whatever runs now to stop soon. Any thread may call this. */
    public void cancel() {
        Session now = running;
        if (now != null) {
            now.cancel();
        }
    }

    @Override
    public void close() {
        session.close();
        if (lpReferee != null) {
            lpReferee.close();
        }
    }

    private interface Call {
        Claim on(Session session);
    }

    private Claim run(Session on, Call call) {
        running = on;
        try {
            return call.on(on);
        } finally {
            running = null;
        }
    }

    private Solution judge(Program program, Claim claim, Limits limits) {
        return switch (claim.status()) {
            case OPTIMAL -> judgePoint(program, claim, limits);
            case NUMERICAL_ERROR ->
                    program.hasIntegers()
                            ? explain(program, claim, limits)
                            : judgePoint(program, claim, limits);
            case INFEASIBLE, UNBOUNDED -> explain(program, claim, limits);
            case FEASIBLE, TIME_LIMIT, ITERATION_LIMIT -> stopped(program, claim, limits);
        };
    }

    /** The residuals decide, whatever the back-end thinks of its point. */
    private Solution judgePoint(Program program, Claim claim, Limits limits) {
        Solution verified = optimal(program, claim, limits);
        return verified != null ? verified : explain(program, claim, limits);
    }

    private @Nullable Solution optimal(Program program, Claim claim, Limits limits) {
        if (claim.x() == null) {
            return null;
        }
        if (program.hasIntegers()) {
            Solution fixed = integral(program, claim, claim.x(), limits);
            return fixed != null && isProved(program, fixed, claim.bound(), limits) ? fixed : null;
        }
        if (claim.y() == null || claim.z() == null) {
            return null;
        }
        return Verifier.optimal(
                program,
                claim.x(),
                claim.y(),
                claim.z(),
                claim.zBox(),
                limits.tolerance(),
                claim.iterations());
    }

    /**
     * Whether no better integer point exists: the bound says so, or for a back-end without one,
     * another back-end's search.
     */
    private boolean isProved(Program program, Solution found, double bound, Limits limits) {
        double objective = objective(found);
        double gap = MIP_GAP * (1 + Math.abs(objective));
        if (!Double.isNaN(bound) || referees.mip().isEmpty()) {
            // a bound above the objective of a feasible point is none
            return Double.isNaN(bound) || Math.abs(objective - bound) <= gap;
        }
        Optional<Solver> referee = referees.mipOtherThan(solver, program);
        if (referee.isEmpty()) {
            return false;
        }
        Claim second = ask(referee.get(), program, limits);
        if (second.status() != Status.OPTIMAL || second.x() == null) {
            return false;
        }
        Solution other = integral(program, second, second.x(), limits);
        return other != null && objective - objective(other) <= gap;
    }

    private static double objective(Solution solution) {
        return Objects.requireNonNull(solution.point()).objective();
    }

    /**
     * The program with its integers fixed at x, solved; null if x is not integral or that program
     * has no optimum.
     */
    private @Nullable Solution integral(Program program, Claim claim, double[] x, Limits limits) {
        if (!Vectors.allFinite(x)) {
            return null;
        }
        double[] rounded = x.clone();
        for (int i : program.integers()) {
            rounded[i] = Math.rint(x[i]);
            if (Math.abs(rounded[i] - x[i]) > INTEGRALITY
                    || rounded[i] < program.lb()[i]
                    || rounded[i] > program.ub()[i]) {
                return null;
            }
        }
        Program fixed = program.withIntegersFixed(rounded);
        if (program.integers().length == program.n()) {
            // every variable is fixed: the rows' multipliers may be zero, the bounds carry
            // everything
            return Verifier.optimal(
                    fixed,
                    rounded,
                    new double[program.p()],
                    new double[program.m()],
                    null,
                    Math.max(limits.tolerance(), INTEGER_TOLERANCE),
                    claim.iterations());
        }
        return solveFixed(fixed, claim.iterations(), limits);
    }

    private @Nullable Solution solveFixed(Program fixed, long iterations, Limits limits) {
        if (!fixed.problemClass().isQuadratic()) {
            return solveFixed(lpSession(), fixed, iterations, limits);
        }
        Solver referee = referees.qp();
        if (referee == null) {
            return null;
        }
        try (Session opened = referee.open()) {
            return solveFixed(opened, fixed, iterations, limits);
        }
    }

    private @Nullable Solution solveFixed(
            Session referee, Program fixed, long iterations, Limits limits) {
        Claim claim = run(referee, s -> s.solve(fixed, null, limits));
        if (claim.x() == null || claim.y() == null || claim.z() == null) {
            return null;
        }
        double tolerance = Math.max(limits.tolerance(), INTEGER_TOLERANCE);
        return Verifier.optimal(
                fixed, claim.x(), claim.y(), claim.z(), claim.zBox(), tolerance, iterations);
    }

    /** A limit ended the solve: what is there may still be optimal, or feasible, or nothing. */
    private Solution stopped(Program program, Claim claim, Limits limits) {
        Solution solution = null;
        if (claim.x() != null && program.hasIntegers()) {
            solution =
                    integral(
                            program,
                            claim,
                            claim.x(),
                            limits.withDeadline(System.nanoTime() + 1_000_000_000L));
        } else if (claim.x() != null) {
            solution = optimal(program, claim, limits);
            if (solution != null) {
                return solution;
            }
            solution =
                    Verifier.feasible(
                            program,
                            claim.x(),
                            claim.y(),
                            claim.z(),
                            claim.zBox(),
                            limits.tolerance(),
                            claim.iterations());
        }
        if (solution != null) {
            return new Solution(
                    Status.FEASIBLE,
                    solution.point(),
                    solution.residuals(),
                    claim.iterations(),
                    claim.detail());
        }
        Status end = limits.isOver() ? Status.TIME_LIMIT : Status.ITERATION_LIMIT;
        Status status = claim.status() == Status.FEASIBLE ? end : claim.status();
        return Solution.failed(status, claim.iterations(), claim.detail());
    }

    /** Why there is no optimum, with proof; otherwise a numerical error. */
    private Solution explain(Program program, Claim claim, Limits limits) {
        Certificate given = claim.certificate();
        boolean proof = given != null && CertificateCheck.holds(program, given);
        if (proof && given instanceof Certificate.Farkas) {
            return Solution.failed(Status.INFEASIBLE, claim.iterations(), null);
        }
        if (program.isConic()) {
            return explainConic(program, claim, limits, proof);
        }
        Certifier certifier = new Certifier(lpSession());
        Certifier.Feasibility feasibility = certifier.feasibility(program, limits);
        if (feasibility.proof() != null) {
            return Solution.failed(Status.INFEASIBLE, claim.iterations(), null);
        }
        if (feasibility.x() == null) {
            return numericalError(program, claim, limits);
        }
        boolean descends =
                (proof && given instanceof Certificate.Ray)
                        || certifier.ray(program, limits) != null;
        if (program.hasIntegers()) {
            return explainIntegral(program, claim, limits, descends);
        }
        return descends
                ? Solution.failed(Status.UNBOUNDED, claim.iterations(), null)
                : numericalError(program, claim, limits);
    }

    /**
     * Linear programs cannot prove anything about other cones, so only the back-end's own
     * certificates count. A ray needs a feasible point besides, which the same back-end is asked
     * for.
     *
     * @param descends whether the claim came with a ray that holds
     */
    private Solution explainConic(Program program, Claim claim, Limits limits, boolean descends) {
        if (!descends) {
            return numericalError(program, claim, limits);
        }
        Program anyPoint =
                program.withObjective(
                        Matrix.empty(program.n(), program.n()), new double[program.n()]);
        Claim second = ask(solver, anyPoint, limits);
        double[] x = second.x();
        if (x != null && Verifier.isFeasible(program, x, limits.tolerance())) {
            return Solution.failed(Status.UNBOUNDED, claim.iterations(), null);
        }
        boolean empty =
                second.certificate() instanceof Certificate.Farkas farkas
                        && CertificateCheck.holds(program, farkas);
        return empty
                ? Solution.failed(Status.INFEASIBLE, claim.iterations(), null)
                : numericalError(program, claim, limits);
    }

    /**
     * The relaxation is feasible: either no integer point is, or the objective falls without end
     * (integer rays are rational).
     */
    private Solution explainIntegral(
            Program program, Claim claim, Limits limits, boolean descends) {
        Program anyPoint =
                program.withObjective(
                        Matrix.empty(program.n(), program.n()), new double[program.n()]);
        Claim second = askAgain(anyPoint, limits);
        if (second.x() != null && integral(anyPoint, second, second.x(), limits) != null) {
            return descends
                    ? Solution.failed(Status.UNBOUNDED, claim.iterations(), null)
                    : numericalError(program, claim, limits);
        }
        boolean agreed =
                claim.status() == Status.INFEASIBLE && second.status() == Status.INFEASIBLE;
        return agreed
                ? Solution.failed(Status.INFEASIBLE, claim.iterations(), null)
                : numericalError(program, claim, limits);
    }

    private Claim askAgain(Program program, Limits limits) {
        return ask(referees.mipOtherThan(solver, program).orElse(solver), program, limits);
    }

    private Claim ask(Solver referee, Program program, Limits limits) {
        try (Session opened = referee.open()) {
            return run(opened, s -> s.solve(program, null, limits));
        }
    }

    private static Solution numericalError(Program program, Claim claim, Limits limits) {
        if (limits.isOver()) {
            return Solution.failed(Status.TIME_LIMIT, claim.iterations(), claim.detail());
        }
        String said = "the solver said '" + claim.status().key() + "', which could not be verified";
        double[] x = claim.x();
        double[] y = claim.y();
        double[] z = claim.z();
        if (x != null && y != null && z != null && Vectors.allFinite(x)) {
            double error =
                    Verifier.relativeError(
                            program, Verifier.complete(program, x, y, z, claim.zBox()));
            said += " (relative residual " + error + ", tolerance " + limits.tolerance() + ")";
        }
        return Solution.failed(
                Status.NUMERICAL_ERROR,
                claim.iterations(),
                claim.detail() == null ? said : said + ": " + claim.detail());
    }

    private Session lpSession() {
        if (lpReferee == null) {
            lpReferee = referees.lp().open();
        }
        return lpReferee;
    }
}
