package io.argmind.solver.interior;

import io.argmind.problem.Program;

/**
 * The matrices of a group of programs, and the factorization of
 *
 * <pre>
 *   [P + B   A'     G'   ] [dx]   [rx]
 *   [A      -delta       ] [dy] = [ry]
 *   [G             -D^-1 ] [dz]   [rz]
 * </pre>
 *
 * <p>with diagonal B (bounds, and a regularization) and D, in every lane.
 */
sealed interface KktSystem permits CondensedSystem, NormalSystem {

    /** Puts one program's P, A and G into its lane. */
    void put(int lane, Program program);

    /**
     * Puts a program into each lane.
     *
     * @param programs [WIDTH]
     */
    default void put(Program[] programs) {
        for (int l = 0; l < programs.length; l++) {
            put(l, programs[l]);
        }
    }

    /**
     * Raises norms to the largest absolute entries in the columns of [P; A; G] and in the rows of A
     * and G.
     *
     * @param cols [n]
     * @param rowsA [p]
     * @param rowsG [m]
     */
    void raiseNorms(double[] cols, double[] rowsA, double[] rowsG);

    /** rx += P x + A'y, ry += A x. */
    void addProducts(double[] x, double[] y, double[] rx, double[] ry);

    /** rz += G x. */
    void addG(double[] x, double[] rz);

    /** rx += G'z. */
    void addGTransposed(double[] z, double[] rx);

    /**
     * Factors.
     *
     * @param B [n] positive
     * @param delta [p] positive
     * @param D [m] nonnegative; zero takes a row out
     */
    void factor(double[] B, double[] delta, double[] D);

    /**
     * Solves with the last factorization; the arguments stay as they are.
     *
     * @param rx [n]
     * @param ry [p]
     * @param rz [m]
     * @param dx [n] overwritten, like the next two
     * @param Gdx overwritten with G dx, [m] or longer
     */
    void solve(
            double[] rx,
            double[] ry,
            double[] rz,
            double[] dx,
            double[] dy,
            double[] dz,
            double[] Gdx);

    /** The bytes of matrices and factors. */
    long bytes();

    /** The system for programs of a structure. */
    static KktSystem of(Structure structure) {
        return structure.isNormal() ? new NormalSystem(structure) : new CondensedSystem(structure);
    }
}
