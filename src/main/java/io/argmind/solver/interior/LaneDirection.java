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

    /** Minus zero, because adding it changes nothing, not even the sign of a zero. */
    static final double STILL = -0.0;

    /** Takes another direction over, in the lanes given. */
    void copyWhere(boolean[] lanes, LaneDirection from) {
        Lanes.copyWhere(lanes, from.x, x, x.length / Lanes.WIDTH);
        Lanes.copyWhere(lanes, from.y, y, y.length / Lanes.WIDTH);
        Lanes.copyWhere(lanes, from.z, z, z.length / Lanes.WIDTH);
        Lanes.copyWhere(lanes, from.Ex, Ex, Ex.length / Lanes.WIDTH);
    }

    /** Adds alpha times x, y and E x of another direction, in the lanes given. */
    void addTimesWhere(boolean[] lanes, double[] alpha, LaneDirection other) {
        Lanes.addTimesWhere(lanes, alpha, other.x, x, x.length / Lanes.WIDTH);
        Lanes.addTimesWhere(lanes, alpha, other.y, y, y.length / Lanes.WIDTH);
        Lanes.addTimesWhere(lanes, alpha, other.Ex, Ex, Ex.length / Lanes.WIDTH);
    }

    /** Stands still in the lanes given. */
    void clearWhere(boolean[] lanes) {
        Lanes.fillWhere(lanes, STILL, x, x.length / Lanes.WIDTH);
        Lanes.fillWhere(lanes, STILL, y, y.length / Lanes.WIDTH);
        Lanes.fillWhere(lanes, STILL, z, z.length / Lanes.WIDTH);
        Lanes.fillWhere(lanes, STILL, Ex, Ex.length / Lanes.WIDTH);
    }
}
