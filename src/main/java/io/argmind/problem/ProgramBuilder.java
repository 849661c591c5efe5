package io.argmind.problem;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Makes a batch of programs of what a client sent, or says everything that is wrong with it: ranks,
 * shapes and batch sizes first, and values where the shapes make sense.
 */
public final class ProgramBuilder {
    private final SentProblem sent;
    private final String pointer;
    private final ErrorList errors;
    private final ConeCheck cones;

    private ProgramBuilder(SentProblem sent, String pointer, ErrorList errors) {
        this.sent = sent;
        this.pointer = pointer;
        this.errors = errors;
        this.cones = new ConeCheck(sent, pointer, errors);
    }

    /**
     * Builds and checks.
     *
     * @param pointer where the problem stands in the request, for error messages
     * @param maxInstances the largest batch that is accepted
     * @param errors what else is wrong with the request already
     * @throws InvalidProblemException with all errors, if there are any
     */
    public static Programs build(
            SentProblem sent, String pointer, int maxInstances, ErrorList errors) {
        return new ProgramBuilder(sent, pointer, errors).build(maxInstances);
    }

    /**
     * Checks a part of a problem, to be completed by later requests: the values always, the shapes
     * where the part is whole.
     *
     * @throws InvalidProblemException with all errors
     */
    public static void checkPart(SentProblem sent, String pointer, int maxInstances) {
        boolean whole =
                sent.fields().containsKey(Field.C)
                        && sent.fields().containsKey(Field.A) == sent.fields().containsKey(Field.B)
                        && sent.fields().containsKey(Field.G) == sent.fields().containsKey(Field.H);
        if (whole) {
            build(sent, pointer, maxInstances, new ErrorList());
            return;
        }
        ErrorList errors = new ErrorList();
        ValueCheck values = new ValueCheck(pointer, errors);
        sent.fields().forEach(values::check);
        new ConeCheck(sent, pointer, errors).checkEntries();
        errors.throwIfAny();
    }

    private Programs build(int maxInstances) {
        ShapeCheck shapes = new ShapeCheck(sent, pointer, errors, maxInstances);
        ValueCheck values = new ValueCheck(pointer, errors);
        sent.fields().forEach(values::check);
        int[] integers = shapes.n() >= 0 ? checkIntegers(shapes.n()) : new int[0];
        cones.checkIntegers(integers);
        boolean fit = cones.checkEntries() && shapes.fits();
        if (!fit) {
            throw new InvalidProblemException(errors.all());
        }
        int known = errors.size();
        List<Cone> partition = cones.partition(shapes.m(), shapes.batch() == 0);
        boolean conic = integers.length == 0 && errors.size() == known;
        Programs programs = assemble(shapes, integers, conic ? partition : List.of());
        values.checkBounds(programs);
        cones.checkRightHandSides(programs);
        errors.throwIfAny();
        return programs;
    }

    private int[] checkIntegers(int n) {
        int[] integers = sent.integers() == null ? new int[0] : sent.integers();
        boolean[] seen = new boolean[n];
        for (int k = 0; k < integers.length; k++) {
            int i = integers[k];
            if (i < 0 || i >= n) {
                errors.add(
                        pointer + "/integers/" + k,
                        "expected the index of a variable from 0 to " + (n - 1) + ", got " + i);
            } else if (seen[i]) {
                errors.add(pointer + "/integers/" + k, "variable " + i + " is listed twice");
            } else {
                seen[i] = true;
            }
        }
        return IntStream.range(0, n).filter(i -> seen[i]).toArray();
    }

    private Programs assemble(ShapeCheck shapes, int[] integers, List<Cone> partition) {
        int n = shapes.n();
        int batch = shapes.batch();
        return new Programs(
                batch < 0 ? 1 : batch,
                batch >= 0,
                sent.fields().keySet(),
                Symmetry.symmetrized(
                        matrix(Field.P, n, shapes),
                        sent.singlePrecision(),
                        pointer + "/" + Field.P.key(),
                        errors),
                vector(Field.C, n, 0, shapes),
                matrix(Field.A, shapes.p(), shapes),
                vector(Field.B, shapes.p(), 0, shapes),
                matrix(Field.G, shapes.m(), shapes),
                vector(Field.H, shapes.m(), 0, shapes),
                vector(Field.LB, n, Double.NEGATIVE_INFINITY, shapes),
                vector(Field.UB, n, Double.POSITIVE_INFINITY, shapes),
                integers,
                partition);
    }

    private MatrixField matrix(Field field, int rows, ShapeCheck shapes) {
        int n = shapes.n();
        return switch (sent.fields().get(field)) {
            case null -> MatrixField.none(rows, n);
            case SentField.Coordinates s ->
                    CoordinateMatrix.build(
                            rows,
                            n,
                            s.rowIndex(),
                            s.colIndex(),
                            s.values().values(),
                            shapes.sets(field),
                            s.upperTriangle());
            case SentField.Array a ->
                    MatrixField.dense(rows, n, a.values(), shapes.sets(field) >= 0);
        };
    }

    private VectorField vector(Field field, int length, double missing, ShapeCheck shapes) {
        if (!(sent.fields().get(field) instanceof SentField.Array a)) {
            return VectorField.constant(length, missing);
        }
        double[] values = a.values();
        if (a.hasNulls()) {
            values = values.clone();
            for (int i = 0; i < values.length; i++) {
                values[i] = Double.isNaN(values[i]) ? missing : values[i];
            }
        }
        if (a.rank() == 0) {
            double[] all = new double[length];
            Arrays.fill(all, values[0]);
            return new VectorField(length, all, false, true);
        }
        return new VectorField(length, values, shapes.sets(field) >= 0, false);
    }
}
