package io.argmind.solver.ortools.discrete;

import io.argmind.solver.Oracle;
import io.argmind.solver.OracleContract;

class CpSatOracleTest extends OracleContract {
    private static final Oracle ORACLE = new CpSatOracle();

    @Override
    protected Oracle oracle() {
        return ORACLE;
    }

    /** 40 bits of the largest cost, on ten items. */
    @Override
    protected double resolution() {
        return 1e-11;
    }

    @Override
    protected int sets() {
        return 25;
    }
}
