package io.argmind.solver.graph;

import io.argmind.solver.Oracle;
import io.argmind.solver.OracleContract;

class GraphOracleTest extends OracleContract {
    private static final Oracle ORACLE = new GraphOracle();

    @Override
    protected Oracle oracle() {
        return ORACLE;
    }

    @Override
    protected int sets() {
        return 400;
    }
}
