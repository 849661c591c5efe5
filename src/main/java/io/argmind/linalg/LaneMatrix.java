package io.argmind.linalg;

/** A matrix for every lane, of one shape and pattern. */
public sealed interface LaneMatrix permits LanePanels, LaneSparse {
    int rows();

    int cols();

    /** y += M x with x[cols], y[rows]. */
    void addTimes(double[] x, double[] y);

    /** x += M'y with x[cols], y[rows]. */
    void addTransposeTimes(double[] y, double[] x);

    /**
     * Raises norms to the largest absolute entries of rows and columns.
     *
     * @param inRows [rows]
     * @param inCols [cols]
     */
    void raiseNorms(double[] inRows, double[] inCols);

    /** The bytes of this matrix. */
    long bytes();
}
