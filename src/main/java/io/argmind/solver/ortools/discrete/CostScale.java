package io.argmind.solver.ortools.discrete;

import io.argmind.linalg.Vectors;

/**
 * A power of two by which costs are multiplied before they are rounded to integers, each by at most
 * half a unit.
 *
 * @param exponent of the power of two
 */
record CostScale(int exponent) {
    /** For zeros, which are not rounded: a unit is nothing. */
    private static final int FINEST = 2000;

    /** So that the largest absolute value has this many bits. */
    static CostScale of(double largest, int bits) {
        return new CostScale(largest == 0 ? FINEST : bits - 1 - Math.getExponent(largest));
    }

    static CostScale of(double[] cost, int bits) {
        return of(Vectors.normInf(cost), bits);
    }

    long toInteger(double cost) {
        return Math.round(Math.scalb(cost, exponent));
    }

    /** What a number of units costs. */
    double toCost(double units) {
        return Math.scalb(units, -exponent);
    }
}
