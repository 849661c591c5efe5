package io.argmind.solver.ortools.discrete;

import io.argmind.solver.Oracle;
import io.argmind.solver.OracleContract;

class OrToolsGraphOracleTest extends OracleContract {
    private static final Oracle ORACLE = new OrToolsGraphOracle();

    @Override
    protected Oracle oracle() {
        return ORACLE;
    }

    /** 53 bits of the largest cost, on a few dozen edges. */
    @Override
    protected double resolution() {
        return 1e-14;
    }
}
