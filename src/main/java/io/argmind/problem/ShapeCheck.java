package io.argmind.problem;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the sizes of a batch of programs in what a client sent, and everything whose rank, shape or
 * batch size does not fit.
 */
final class ShapeCheck {
    private final SentProblem sent;
    private final String pointer;
    private final ErrorList errors;
    private final Map<Field, Integer> batches = new EnumMap<>(Field.class); // -1 shared
    private int n = -1;
    private int p;
    private int m;
    private final int batch;
    private final boolean fits;

    ShapeCheck(SentProblem sent, String pointer, ErrorList errors, int maxInstances) {
        this.sent = sent;
        this.pointer = pointer;
        this.errors = errors;
        int known = errors.size();
        findVariables();
        if (n >= 0) {
            p = matrixRows(Field.A);
            m = matrixRows(Field.G);
            checkMatrix(Field.P, n, "n");
            checkMatrix(Field.A, p, "p");
            checkMatrix(Field.G, m, "m");
            checkRightHandSide(Field.B, Field.A, p, "p");
            checkRightHandSide(Field.H, Field.G, m, "m");
            checkBound(Field.LB);
            checkBound(Field.UB);
        }
        this.batch = agreeOnBatch(maxInstances);
        this.fits = errors.size() == known;
    }

    /** Whether nothing was wrong. */
    boolean fits() {
        return fits;
    }

    /** The number of variables, -1 if c does not tell. */
    int n() {
        return n;
    }

    /** The number of equalities. */
    int p() {
        return p;
    }

    /** The number of inequalities. */
    int m() {
        return m;
    }

    /** The common batch size, -1 if nothing is batched. */
    int batch() {
        return batch;
    }

    /** How many sets of values a field has, -1 for a shared one. */
    int sets(Field field) {
        return batches.getOrDefault(field, -1);
    }

    private String at(Field field) {
        return pointer + "/" + field.key();
    }

    private SentField.@Nullable Array array(Field field) {
        SentField f = sent.fields().get(field);
        if (f instanceof SentField.Coordinates) {
            errors.add(
                    at(field),
                    "expected an array, got a sparse matrix (only P, A and G may be sparse)");
            return null;
        }
        return (SentField.Array) f;
    }

    /** n comes from c; an empty c is an empty batch, whose n the other fields tell. */
    private void findVariables() {
        SentField.Array c = array(Field.C);
        if (c == null) {
            if (!sent.fields().containsKey(Field.C)) {
                errors.add(
                        at(Field.C),
                        "missing: every program needs a cost vector c of shape (n,) or (B, n)");
            }
            return;
        }
        if (c.rank() == 1 && c.shape()[0] == 0) {
            batches.put(Field.C, 0);
            n = widthOfOthers();
        } else if (c.rank() == 1 || c.rank() == 2) {
            batches.put(Field.C, c.rank() == 2 ? c.shape()[0] : -1);
            n = c.shape()[c.rank() - 1];
            if (n == 0 && !(c.rank() == 2 && c.shape()[0] == 0)) {
                errors.add(
                        at(Field.C), "expected at least one variable, got shape " + c.shapeText());
            }
        } else {
            errors.add(at(Field.C), "expected shape (n,) or (B, n), got " + c.shapeText());
        }
    }

    private int widthOfOthers() {
        for (Field field : List.of(Field.P, Field.A, Field.G, Field.LB, Field.UB)) {
            SentField f = sent.fields().get(field);
            if (f instanceof SentField.Coordinates s) {
                return s.cols();
            }
            if (f instanceof SentField.Array a && a.rank() > 0 && a.shape()[a.rank() - 1] > 0) {
                return a.shape()[a.rank() - 1];
            }
        }
        return 0;
    }

    private int matrixRows(Field field) {
        return switch (sent.fields().get(field)) {
            case null -> 0;
            case SentField.Coordinates s -> s.rows();
            case SentField.Array a -> a.rank() == 2 || a.rank() == 3 ? a.shape()[a.rank() - 2] : 0;
        };
    }

    private void checkMatrix(Field field, int rows, String rowLetter) {
        switch (sent.fields().get(field)) {
            case null -> {}
            case SentField.Coordinates s -> checkCoordinates(field, s, rows);
            case SentField.Array a -> {
                boolean none = a.rank() == 1 && a.shape()[0] == 0; // [] in JSON
                boolean shaped =
                        (a.rank() == 2 || a.rank() == 3)
                                && a.shape()[a.rank() - 2] == rows
                                && (a.shape()[a.rank() - 1] == n || rows == 0);
                if (!none && !shaped) {
                    String r = field == Field.P ? Integer.toString(n) : rowLetter;
                    errors.add(
                            at(field),
                            "expected shape ("
                                    + r
                                    + ", "
                                    + n
                                    + ") or (B, "
                                    + r
                                    + ", "
                                    + n
                                    + "), got "
                                    + a.shapeText());
                }
                batches.put(
                        field,
                        a.rank() == 3
                                ? a.shape()[0]
                                : none && batches.getOrDefault(Field.C, -1) == 0 ? 0 : -1);
            }
        }
    }

    private void checkCoordinates(Field field, SentField.Coordinates s, int rows) {
        if (s.rows() != rows || s.cols() != n) {
            errors.add(
                    at(field) + "/shape",
                    "expected [" + rows + ", " + n + "], got [" + s.rows() + ", " + s.cols() + "]");
        }
        int entries = s.rowIndex().length;
        if (s.colIndex().length != entries) {
            errors.add(
                    at(field) + "/cols",
                    "expected "
                            + entries
                            + " column indices, as many as rows, got "
                            + s.colIndex().length);
            return;
        }
        checkRange(at(field) + "/rows", s.rowIndex(), s.rows());
        checkRange(at(field) + "/cols", s.colIndex(), s.cols());
        SentField.Array v = s.values();
        if ((v.rank() != 1 && v.rank() != 2) || v.shape()[v.rank() - 1] != entries) {
            errors.add(
                    at(field) + "/values",
                    "expected shape ("
                            + entries
                            + ",) or (B, "
                            + entries
                            + "), got "
                            + v.shapeText());
        }
        if (s.upperTriangle() && field != Field.P) {
            errors.add(
                    at(field) + "/triangle",
                    "only P is symmetric and may be given by one triangle");
        }
        for (int e = 0; s.upperTriangle() && e < entries; e++) {
            if (s.rowIndex()[e] > s.colIndex()[e]) {
                errors.add(
                        at(field) + "/rows/" + e,
                        "entry ("
                                + s.rowIndex()[e]
                                + ", "
                                + s.colIndex()[e]
                                + ") lies below the diagonal, expected the upper triangle");
                break;
            }
        }
        batches.put(field, v.rank() == 2 ? v.shape()[0] : -1);
    }

    private void checkRange(String where, int[] index, int bound) {
        for (int e = 0; e < index.length; e++) {
            if (index[e] < 0 || index[e] >= bound) {
                errors.add(
                        where + "/" + e,
                        "expected an index from 0 to " + (bound - 1) + ", got " + index[e]);
                return;
            }
        }
    }

    private void checkRightHandSide(Field field, Field matrix, int rows, String letter) {
        SentField.Array a = array(field);
        if (a == null) {
            if (rows > 0 && !sent.fields().containsKey(field)) {
                errors.add(
                        at(field),
                        "missing: "
                                + matrix.key()
                                + " has "
                                + rows
                                + " rows, expected shape ("
                                + rows
                                + ",) or (B, "
                                + rows
                                + ")");
            }
            return;
        }
        if (!sent.fields().containsKey(matrix) && !(a.rank() == 1 && a.shape()[0] == 0)) {
            errors.add(at(field), "given without " + matrix.key());
            return;
        }
        boolean none = a.rank() == 1 && a.shape()[0] == 0 && batches.getOrDefault(Field.C, -1) == 0;
        boolean shaped = (a.rank() == 1 || a.rank() == 2) && a.shape()[a.rank() - 1] == rows;
        if (!none && !shaped) {
            String expected = sent.fields().containsKey(matrix) ? Integer.toString(rows) : letter;
            errors.add(
                    at(field),
                    "expected shape ("
                            + expected
                            + ",) or (B, "
                            + expected
                            + "), got "
                            + a.shapeText());
        }
        batches.put(field, a.rank() == 2 ? a.shape()[0] : none && rows > 0 ? 0 : -1);
    }

    private void checkBound(Field field) {
        SentField.Array a = array(field);
        if (a == null) {
            return;
        }
        boolean none = a.rank() == 1 && a.shape()[0] == 0 && batches.getOrDefault(Field.C, -1) == 0;
        if (!none && (a.rank() > 2 || (a.rank() > 0 && a.shape()[a.rank() - 1] != n))) {
            errors.add(
                    at(field),
                    "expected a number, shape ("
                            + n
                            + ",) or (B, "
                            + n
                            + "), got "
                            + a.shapeText());
        }
        batches.put(field, a.rank() == 2 ? a.shape()[0] : none && n > 0 ? 0 : -1);
    }

    /** The common batch size, -1 if nothing is batched. */
    private int agreeOnBatch(int maxInstances) {
        int batch = -1;
        Field first = Field.C;
        for (Map.Entry<Field, Integer> entry : batches.entrySet()) {
            if (entry.getValue() >= 0 && batch < 0) {
                batch = entry.getValue();
                first = entry.getKey();
            } else if (entry.getValue() >= 0 && entry.getValue() != batch) {
                errors.add(
                        at(entry.getKey()),
                        "batch of "
                                + entry.getValue()
                                + ", but "
                                + first.key()
                                + " has a batch of "
                                + batch);
            }
        }
        if (batch > maxInstances) {
            errors.add(
                    at(first),
                    "batch of "
                            + batch
                            + ", at most "
                            + maxInstances
                            + " instances are accepted in one request");
        }
        return batch;
    }
}
