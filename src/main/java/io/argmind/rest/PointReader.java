package io.argmind.rest;

import io.argmind.linalg.Vectors;
import io.argmind.problem.ErrorList;
import io.argmind.problem.Program;
import io.argmind.problem.Programs;
import io.argmind.solution.Solution.Point;
import io.argmind.solution.Verifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads arrays that go with the instances of a batch: solutions sent back, warm starts, upstream
 * gradients.
 */
final class PointReader {
    private final ObjectReader in;
    private final Programs programs;
    private final ErrorList errors;
    private final RowReader rows;

    PointReader(
            ObjectReader in,
            Programs programs,
            ErrorList errors,
            ProblemReader.Precision precision) {
        this.in = in;
        this.programs = programs;
        this.errors = errors;
        this.rows = new RowReader(in, programs.size(), programs.batched(), errors, precision);
    }

    /** Lets numbers mean nothing where an instance has no solution. */
    PointReader ignoringInstancesWithout(List<@Nullable Point> known) {
        rows.ignoringInstancesWithout(known);
        return this;
    }

    /** [size, length]; see {@link RowReader#rows}. */
    double @Nullable [] rows(String name, int length, boolean nullsAllowed) {
        return rows.rows(name, new int[] {length}, nullsAllowed);
    }

    /** [size]; see {@link RowReader#numbers}. */
    double @Nullable [] numbers(String name) {
        return rows.numbers(name);
    }

    /** The solutions of a batch; null where an instance's x is not finite. */
    List<@Nullable Point> solutions() {
        double[] x = required("x", programs.n());
        double[] y = required("y", programs.p());
        double[] z = required("z", programs.m());
        double[] zBox = rows("z_box", programs.n(), true);
        for (String name : new String[] {"s", "objective"}) {
            in.value(name); // part of an answer that is sent back whole; both follow from x
        }
        List<@Nullable Point> points = new ArrayList<>();
        if (x == null || y == null || z == null) {
            return points;
        }
        for (int i = 0; i < programs.size(); i++) {
            points.add(
                    point(
                            programs.instance(i),
                            row(x, i),
                            row(y, i),
                            row(z, i),
                            zBox == null ? null : row(zBox, i)));
        }
        return points;
    }

    private static @Nullable Point point(
            Program program, double[] x, double[] y, double[] z, double @Nullable [] zBox) {
        boolean finite = Vectors.allFinite(x) && Vectors.allFinite(y) && Vectors.allFinite(z);
        return finite
                ? Verifier.complete(
                        program, x, y, z, zBox != null && Vectors.allFinite(zBox) ? zBox : null)
                : null;
    }

    private double @Nullable [] required(String name, int length) {
        double[] values = rows(name, length, true);
        if (values != null) {
            return values;
        }
        if (length == 0) {
            return new double[0];
        }
        if (!in.has(name)) {
            errors.add(in.at(name), "missing: a solution has x, and y and z for its rows");
        }
        return null;
    }

    private double[] row(double[] all, int i) {
        int length = all.length / Math.max(1, programs.size());
        return Arrays.copyOfRange(all, i * length, (i + 1) * length);
    }
}
