package io.argmind.solver.graph;

import io.argmind.solver.Oracle;
import io.argmind.solver.OracleContract;

class JgraphtOracleTest extends OracleContract {
    private static final Oracle ORACLE = new JgraphtOracle();

    @Override
    protected Oracle oracle() {
        return ORACLE;
    }

    /** 40 bits of the largest cost, on four edges. */
    @Override
    protected double resolution() {
        return 1e-11;
    }
}
