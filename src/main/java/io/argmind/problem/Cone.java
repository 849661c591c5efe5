package io.argmind.problem;

/**
 * A closed convex cone that a block of consecutive rows s = h - G x lies in; its multipliers z lie
 * in the dual cone. The conventions are those of SCS and Clarabel.
 */
public sealed interface Cone {

    /** The number of rows. */
    int dim();

    /**
     * s >= 0; its own dual.
     *
     * @param dim the number of rows, >= 0
     */
    record Nonnegative(int dim) implements Cone {
        public Nonnegative {
            require(dim >= 0, "a cone cannot have %s rows", dim);
        }
    }

    /**
     * {(t, v): t >= ||v||_2}, t first; its own dual.
     *
     * @param dim the length of (t, v), >= 1
     */
    record SecondOrder(int dim) implements Cone {
        public SecondOrder {
            require(dim >= 1, "a second-order cone cannot have %s rows", dim);
        }
    }

    /**
     * Positive semidefinite matrices as vectors of their lower triangles, column by column, with
     * entries off the diagonal times sqrt(2); its own dual.
     *
     * @param side the order k of the matrix, >= 1
     */
    record Psd(int side) implements Cone {
        /** The largest order whose number of rows is an int. */
        public static final int MAX_SIDE = 65535;

        public Psd {
            require(side >= 1 && side <= MAX_SIDE, "a matrix cannot have %s rows", side);
        }

        /** k (k + 1) / 2. */
        @Override
        public int dim() {
            return (int) ((long) side * (side + 1) / 2);
        }
    }

    /**
     * The closure of {(x, y, z): y > 0, y exp(x / y) &lt;= z}; its dual is the closure of {(u, v,
     * w): u &lt; 0, -u exp(v / u) &lt;= e w}.
     */
    record Exponential() implements Cone {
        @Override
        public int dim() {
            return 3;
        }
    }

    /**
     * {(x, y, z): x^alpha y^(1 - alpha) >= |z|, x >= 0, y >= 0}; its dual is {(u, v, w): (u /
     * alpha)^alpha (v / (1 - alpha))^(1 - alpha) >= |w|, u >= 0, v >= 0}.
     *
     * @param alpha in (0, 1)
     */
    record Power(double alpha) implements Cone {
        public Power {
            require(alpha > 0 && alpha < 1, "a power cone cannot have the exponent %s", alpha);
        }

        @Override
        public int dim() {
            return 3;
        }
    }

    private static void require(boolean holds, String message, Object got) {
        if (!holds) {
            throw new IllegalArgumentException(String.format(message, got));
        }
    }
}
