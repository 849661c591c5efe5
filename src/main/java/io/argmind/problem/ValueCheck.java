package io.argmind.problem;

import io.argmind.linalg.Vectors;

/** Finds numbers that mean nothing where they stand. */
final class ValueCheck {
    private final String pointer;
    private final ErrorList errors;

    ValueCheck(String pointer, ErrorList errors) {
        this.pointer = pointer;
        this.errors = errors;
    }

    /** Reports the first bad number of a field, where it stands, and how many there are. */
    void check(Field field, SentField sent) {
        switch (sent) {
            case SentField.Array a -> checkArray(field, pointer + "/" + field.key(), a);
            case SentField.Coordinates s ->
                    checkArray(field, pointer + "/" + field.key() + "/values", s.values());
        }
    }

    private void checkArray(Field field, String where, SentField.Array a) {
        if (a.finite() || Vectors.allFinite(a.values())) {
            return; // finite numbers are good everywhere, and nearly all are
        }
        int first = -1;
        int count = 0;
        for (int k = 0; k < a.values().length; k++) {
            if (isBad(field, a.values()[k], a.hasNulls())) {
                first = first < 0 ? k : first;
                count++;
            }
        }
        if (first >= 0) {
            String more = count == 1 ? "" : " (and " + (count - 1) + " more)";
            errors.add(
                    where + position(a.shape(), first),
                    "expected " + expected(field) + ", got " + text(a, first) + more);
        }
    }

    private static boolean isBad(Field field, double v, boolean nullsAllowed) {
        return switch (field) {
            case P, C, A, B, G -> !Double.isFinite(v);
            case H -> Double.isNaN(v) || v == Double.NEGATIVE_INFINITY;
            case LB -> v == Double.POSITIVE_INFINITY || (Double.isNaN(v) && !nullsAllowed);
            case UB -> v == Double.NEGATIVE_INFINITY || (Double.isNaN(v) && !nullsAllowed);
        };
    }

    private static String expected(Field field) {
        return switch (field) {
            case P, C, A, B, G -> "a finite number";
            case H -> "a number, or Infinity for a row that does not bind";
            case LB -> "a number, null or -Infinity";
            case UB -> "a number, null or Infinity";
        };
    }

    private static String text(SentField.Array a, int k) {
        double v = a.values()[k];
        return Double.isNaN(v) && a.hasNulls() ? "null" : Double.toString(v);
    }

    /** "/i/j" for entry k of a row-major array. */
    private static String position(int[] shape, int k) {
        StringBuilder text = new StringBuilder();
        int rest = k;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            text.insert(0, "/" + rest % shape[axis]);
            rest /= shape[axis];
        }
        return text.toString();
    }

    /** Reports the first variable of the first instance whose bounds cross. */
    void checkBounds(Programs programs) {
        for (int b = 0; b < programs.size(); b++) {
            double[] lb = programs.lb().of(b);
            double[] ub = programs.ub().of(b);
            for (int i = 0; i < lb.length; i++) {
                if (lb[i] > ub[i]) {
                    String instance = programs.batched() ? "instance " + b + ", " : "";
                    errors.add(
                            pointer + "/lb",
                            instance
                                    + "variable "
                                    + i
                                    + ": expected lb <= ub, got lb = "
                                    + lb[i]
                                    + " > ub = "
                                    + ub[i]);
                    return;
                }
            }
        }
    }
}
