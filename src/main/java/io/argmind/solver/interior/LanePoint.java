package io.argmind.solver.interior;

import io.argmind.linalg.Lanes;

/** A primal-dual point in every lane: x[n], y[p], z[M]. */
final class LanePoint {
    final double[] x;
    final double[] y;
    final double[] z;

    LanePoint(LaneProgram program) {
        this.x = Lanes.vector(program.n);
        this.y = Lanes.vector(program.p);
        this.z = Lanes.vector(program.M);
    }

    /** Takes another point over, in the lanes given. */
    void copyWhere(boolean[] lanes, LanePoint from) {
        Lanes.copyWhere(lanes, from.x, x, x.length / Lanes.WIDTH);
        Lanes.copyWhere(lanes, from.y, y, y.length / Lanes.WIDTH);
        Lanes.copyWhere(lanes, from.z, z, z.length / Lanes.WIDTH);
    }
}
