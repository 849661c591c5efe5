package io.argmind.config;

import io.argmind.solver.Oracles;
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
import java.util.List;

/**
 * The back-ends that this service has. Second opinions are asked of the first that can give them.
 */
final class Backends {
    private Backends() {}

    static Solvers all() {
        return new Solvers(
                List.of(
                        new GlopSolver(),
                        new InteriorSolver(),
                        new HighsSolver(),
                        new OjalgoQpSolver(),
                        new OjalgoLpSolver(),
                        new ScipSolver(),
                        new CpSatSolver(),
                        new OjalgoMipSolver(),
                        new PdlpSolver()));
    }

    static Oracles oracles() {
        return new Oracles(
                List.of(
                        new GraphOracle(),
                        new JgraphtOracle(),
                        new OrToolsGraphOracle(),
                        new OrToolsKnapsackOracle(),
                        new CpSatOracle()));
    }
}
