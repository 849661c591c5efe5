package io.argmind.solver.ortools.discrete;

import io.argmind.solver.Oracle;
import io.argmind.solver.OracleContract;

class OrToolsKnapsackOracleTest extends OracleContract {
    private static final Oracle ORACLE = new OrToolsKnapsackOracle();

    @Override
    protected Oracle oracle() {
        return ORACLE;
    }

    /** 40 bits of the largest cost, on ten items. */
    @Override
    protected double resolution() {
        return 1e-11;
    }
}
