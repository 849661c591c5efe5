package io.argmind.config;

import io.argmind.solver.Oracle;
import io.argmind.solver.Oracles;
import io.argmind.solver.Solver;
import io.argmind.solver.Solvers;
import io.argmind.solver.graph.GraphOracle;
import io.argmind.solver.graph.JgraphtOracle;
import io.argmind.solver.interior.InteriorSolver;
import io.argmind.solver.ojalgo.OjalgoLpSolver;
import io.argmind.solver.ojalgo.OjalgoMipSolver;
import io.argmind.solver.ojalgo.OjalgoQpSolver;
import io.argmind.solver.ortools.CpSatSolver;
import io.argmind.solver.ortools.GlopSolver;
import io.argmind.solver.ortools.HighsSolver;
import io.argmind.solver.ortools.PdlpSolver;
import io.argmind.solver.ortools.ScipSolver;
import io.argmind.solver.ortools.discrete.CpSatOracle;
import io.argmind.solver.ortools.discrete.OrToolsGraphOracle;
import io.argmind.solver.ortools.discrete.OrToolsKnapsackOracle;
import io.argmind.solver.worker.WorkerPool;
import io.argmind.solver.worker.WorkerProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The back-ends that this service has. Second opinions are asked of the first that can give them.
 *
 * @param solver what is done with each native one
 * @param oracle the same for oracles
 */
record Backends(UnaryOperator<Solver> solver, UnaryOperator<Oracle> oracle) {

    /** All in this process. */
    static Backends here() {
        return new Backends(UnaryOperator.identity(), UnaryOperator.identity());
    }

    /** The native ones in processes of their own. */
    static Backends in(WorkerPool pool) {
        return new Backends(pool::isolate, pool::isolate);
    }

    /** The native ones alone, for such a process. */
    static WorkerProcess.Backends natives() {
        List<Solver> solvers = new ArrayList<>();
        List<Oracle> oracles = new ArrayList<>();
        Backends all =
                new Backends(
                        solver -> {
                            solvers.add(solver);
                            return solver;
                        },
                        oracle -> {
                            oracles.add(oracle);
                            return oracle;
                        });
        all.solvers();
        all.oracles();
        return new WorkerProcess.Backends(solvers, oracles);
    }

    Solvers solvers() {
        return new Solvers(
                List.of(
                        solver.apply(new GlopSolver()),
                        new InteriorSolver(),
                        solver.apply(new HighsSolver()),
                        new OjalgoQpSolver(),
                        new OjalgoLpSolver(),
                        solver.apply(new ScipSolver()),
                        solver.apply(new CpSatSolver()),
                        new OjalgoMipSolver(),
                        solver.apply(new PdlpSolver())));
    }

    Oracles oracles() {
        return new Oracles(
                List.of(
                        new GraphOracle(),
                        new JgraphtOracle(),
                        oracle.apply(new OrToolsGraphOracle()),
                        oracle.apply(new OrToolsKnapsackOracle()),
                        oracle.apply(new CpSatOracle())));
    }
}
