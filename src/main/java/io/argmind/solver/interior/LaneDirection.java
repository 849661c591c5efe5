package io.argmind.solver.interior;

import io.argmind.linalg.Lanes;

/** A step in every lane: x[n], y[p], z[M], and E x[M]. */
final class LaneDirection {
    final double[] x;
    final double[] y;
    final double[] z;
    final double[] Ex;

    LaneDirection(LaneProgram program) {
        this.x = Lanes.vector(program.n);
        this.y = Lanes.vector(program.p);
        this.z = Lanes.vector(program.M);
        this.Ex = Lanes.vector(program.M);
    }

    /** Stands still in the lanes given. */
    void clearWhere(boolean[] lanes) {
        Lanes.fillWhere(lanes, 0, x, x.length / Lanes.WIDTH);
        Lanes.fillWhere(lanes, 0, y, y.length / Lanes.WIDTH);
        Lanes.fillWhere(lanes, 0, z, z.length / Lanes.WIDTH);
        Lanes.fillWhere(lanes, 0, Ex, Ex.length / Lanes.WIDTH);
    }
}
