package io.argmind.solver.ojalgo;

import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solver.Limits;
import io.argmind.solver.Session;
import io.argmind.solver.VerifiedSession;
import io.argmind.solver.WarmStart;
import org.jspecify.annotations.Nullable;

/** A search per program, on two sessions for relaxations. */
final class MipSession implements Session {
    private final VerifiedSession linear =
            new VerifiedSession(new OjalgoLpSolver(), new OjalgoLpSolver());
    private final VerifiedSession quadratic =
            new VerifiedSession(new OjalgoQpSolver(), new OjalgoLpSolver());
    private volatile @Nullable Search running;

    /** One search's switch. */
    private static final class Search {
        private volatile boolean cancelled;
    }

    @Override
    public Claim solve(Program program, @Nullable WarmStart warm, Limits limits) {
        Search search = new Search();
        running = search;
        try {
            VerifiedSession relaxations = program.P().isZero() ? linear : quadratic;
            return new BranchAndBound(program, limits, relaxations, () -> search.cancelled).run();
        } finally {
            running = null;
        }
    }

    @Override
    public void cancel() {
        Search search = running;
        if (search != null) {
            search.cancelled = true; // before the relaxation ends, so that no other one begins
            linear.cancel();
            quadratic.cancel();
        }
    }

    @Override
    public void close() {
        linear.close();
        quadratic.close();
    }
}
