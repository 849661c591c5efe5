package io.argmind.problem.discrete;

import io.argmind.problem.ErrorList;
import io.argmind.problem.SentField;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Takes numbers out of the fields that make a set, remembering everything that is wrong. */
final class FieldNumbers {
    private final SentDiscrete sent;
    private final String pointer;
    private final ErrorList errors;
    private final boolean part;

    /**
     * @param part whether fields may be missing
     */
    FieldNumbers(SentDiscrete sent, String pointer, ErrorList errors, boolean part) {
        this.sent = sent;
        this.pointer = pointer;
        this.errors = errors;
        this.part = part;
    }

    void fail(String where, String detail) {
        errors.add(pointer + "/" + where, detail);
    }

    /** The field, or null if it is missing. */
    SentField.@Nullable Array array(String name, String expected) {
        SentField.Array array = sent.arrays().get(name);
        if (array == null && !part) {
            fail(name, "missing: '" + sent.kind().key() + "' needs " + expected);
        }
        return array;
    }

    /** A whole number from least to most, or null. */
    @Nullable Integer integer(String name, int least, int most, String expected) {
        SentField.Array array = array(name, expected);
        if (array == null) {
            return null;
        }
        if (array.shape().length > 0) {
            fail(name, "expected " + expected + ", got shape " + array.shapeText());
            return null;
        }
        double value = array.values()[0];
        if (value != Math.rint(value) || !(value >= least && value <= most)) {
            fail(
                    name,
                    "expected "
                            + expected
                            + " from "
                            + least
                            + " to "
                            + most
                            + ", got "
                            + text(value));
            return null;
        }
        return (int) value;
    }

    /** The graph of {@code edges} and {@code nodes}, or null. */
    @Nullable Graph graph(int mostNodes) {
        Integer nodes = integer("nodes", 1, mostNodes, "the number of nodes");
        SentField.Array edges = array("edges", "edges, (E, 2)");
        if (edges == null) {
            return null;
        }
        int[] shape = edges.shape();
        boolean none = edges.values().length == 0 && shape.length > 0;
        if (!none && !(shape.length == 2 && shape[1] == 2)) {
            fail("edges", "expected shape (E, 2), got " + edges.shapeText());
            return null;
        }
        int count = edges.values().length / 2;
        int[] tails = new int[count];
        int[] heads = new int[count];
        boolean right = nodes != null;
        for (int k = 0; k < count; k++) {
            tails[k] = node(edges, 2 * k, nodes);
            heads[k] = node(edges, 2 * k + 1, nodes);
            right &= tails[k] >= 0 && heads[k] >= 0;
        }
        return right ? new Graph(nodes == null ? 0 : nodes, tails, heads) : null;
    }

    /** The node at a place among the edges, or -1. */
    private int node(SentField.Array edges, int at, @Nullable Integer nodes) {
        double node = edges.values()[at];
        double most = nodes == null ? Integer.MAX_VALUE : nodes - 1.0;
        if (node != Math.rint(node) || !(node >= 0 && node <= most)) {
            fail(
                    "edges/" + at / 2 + "/" + at % 2,
                    "expected a node, a whole number from 0 to "
                            + (nodes == null ? "nodes - 1" : Integer.toString(nodes - 1))
                            + ", got "
                            + text(node));
            return -1;
        }
        return (int) node;
    }

    /**
     * Whole numbers, or null.
     *
     * @param length how many; negative if nobody knows
     * @param broadcast whether one number may stand for all
     */
    long @Nullable [] wholes(
            String name, int length, double least, double most, boolean broadcast, String what) {
        SentField.Array array = array(name, what);
        if (array == null || !hasLength(name, array, length, broadcast)) {
            return null;
        }
        double[] values = array.values();
        long[] out = new long[array.shape().length == 0 ? Math.max(0, length) : values.length];
        for (int k = 0; k < values.length; k++) {
            if (values[k] != Math.rint(values[k]) || !(values[k] >= least && values[k] <= most)) {
                fail(
                        name + (array.shape().length == 0 ? "" : "/" + k),
                        String.format(
                                "expected a whole number from %.0f to %.0f, got %s",
                                least, most, text(values[k])));
                return null;
            }
        }
        Arrays.setAll(out, k -> (long) values[values.length == 1 ? 0 : k]);
        return out;
    }

    private boolean hasLength(String name, SentField.Array array, int length, boolean broadcast) {
        int[] shape = array.shape();
        boolean fits =
                shape.length == 0
                        ? broadcast
                        : shape.length == 1 && (length < 0 || shape[0] == length);
        if (!fits) {
            String expected = length < 0 ? "one axis" : "shape (" + length + ",)";
            fail(
                    name,
                    "expected "
                            + (broadcast ? "a number or " : "")
                            + expected
                            + ", got shape "
                            + array.shapeText());
        }
        return fits;
    }

    /** Whether all numbers are finite and at least {@code least}; says where not. */
    boolean areFinite(String name, SentField.Array array, double least) {
        if (array.finite() && least == Double.NEGATIVE_INFINITY) {
            return true;
        }
        String what = least == 0 ? "a finite number >= 0" : "a finite number";
        int wrong = 0;
        double[] values = array.values();
        for (int k = 0; k < values.length; k++) {
            if (!Double.isFinite(values[k]) || values[k] < least) {
                wrong++;
                String got = Double.isNaN(values[k]) && array.hasNulls() ? "null" : text(values[k]);
                fail(name + place(array.shape(), k), "expected " + what + ", got " + got);
            }
        }
        return wrong == 0;
    }

    /** The pointer of entry k of an array, after that of the array. */
    private static String place(int[] shape, int k) {
        StringBuilder where = new StringBuilder();
        int rest = k;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            where.insert(0, "/" + rest % shape[axis]);
            rest /= shape[axis];
        }
        return where.toString();
    }

    /** As people write it: whole numbers without a point. */
    static String text(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
