package io.argmind.lpgd;

import java.util.List;
import java.util.function.Function;

/**
 * The gradients of a dense field of which each instance has its own, as the few outer products that
 * they are: instance i's is the sum over k of left[i, k] right[i, k]'. A client that multiplies
 * them out where it needs them saves both sides the traffic of whole matrices.
 *
 * @param terms the largest number of products of an instance; the others have zeros in their place
 * @param left [size, terms, rows]
 * @param right [size, terms, cols]
 */
public record Factors(int terms, double[] left, double[] right) {

    /** Products of an instance: two of a difference, one of a slack, one of the objective. */
    private static final int MOST = 4;

    /**
     * Whether matrices of this shape are certainly twice as large as their factors: those have to
     * be multiplied out later.
     */
    static boolean pay(int rows, int cols) {
        return 2 * MOST * (rows + cols) <= rows * cols;
    }

    /**
     * Puts the instances together.
     *
     * @param symmetric whether the matrices stand for their symmetric parts (the gradient of P)
     */
    static Factors of(
            List<InstanceGradient> gradients,
            Function<InstanceGradient, OuterSum> field,
            boolean symmetric,
            int rows,
            int cols) {
        int products = 0;
        for (InstanceGradient gradient : gradients) {
            products = Math.max(products, field.apply(gradient).terms());
        }
        int terms = symmetric ? 2 * products : products;
        double[] left = new double[gradients.size() * terms * rows];
        double[] right = new double[gradients.size() * terms * cols];
        for (int i = 0; i < gradients.size(); i++) {
            OuterSum sum = field.apply(gradients.get(i));
            for (int k = 0; k < sum.terms(); k++) {
                int at = i * terms + (symmetric ? 2 * k : k);
                put(symmetric ? 0.5 : 1, sum.left(k), left, at);
                put(1, sum.right(k), right, at);
                if (symmetric) {
                    put(0.5, sum.right(k), left, at + 1);
                    put(1, sum.left(k), right, at + 1);
                }
            }
        }
        return new Factors(terms, left, right);
    }

    private static void put(double alpha, double[] from, double[] to, int row) {
        for (int j = 0; j < from.length; j++) {
            to[row * from.length + j] = alpha * from[j];
        }
    }
}
