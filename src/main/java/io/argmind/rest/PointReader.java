package io.argmind.rest;

import io.argmind.linalg.Vectors;
import io.argmind.problem.ErrorList;
import io.argmind.problem.Program;
import io.argmind.problem.Programs;
import io.argmind.solution.Solution.Point;
import io.argmind.solution.Verifier;
import io.argmind.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads arrays that go with the instances of a batch: solutions sent back, warm starts, upstream
 * gradients.
 */
final class PointReader {
    private final ObjectReader in;
    private final Programs programs;
    private final ErrorList errors;
    private final ProblemReader.Precision precision;
    private List<@Nullable Point> solutions = List.of();

    PointReader(
            ObjectReader in,
            Programs programs,
            ErrorList errors,
            ProblemReader.Precision precision) {
        this.in = in;
        this.programs = programs;
        this.errors = errors;
        this.precision = precision;
    }

    /** Lets numbers mean nothing where an instance has no solution. */
    PointReader ignoringInstancesWithout(List<@Nullable Point> known) {
        this.solutions = known;
        return this;
    }

    private boolean isIgnored(int k, int count) {
        return !solutions.isEmpty()
                && solutions.get((int) ((long) k * solutions.size() / count)) == null;
    }

    /**
     * [size, length] row-major, or null if the member is absent. Rows may be null where {@code
     * nullsAllowed}.
     */
    double @Nullable [] rows(String name, int length, boolean nullsAllowed) {
        Tensor tensor = in.tensor(name);
        precision.see(tensor);
        boolean nothing =
                tensor == null ? in.isNull(name) && !programs.batched() : isNullPerInstance(tensor);
        if (nothing && (nullsAllowed || isNobodySolved())) {
            double[] missing = new double[programs.size() * length];
            Arrays.fill(missing, Double.NaN);
            return missing;
        }
        if (tensor == null) {
            return null;
        }
        int[] expected =
                programs.batched() ? new int[] {programs.size(), length} : new int[] {length};
        boolean empty = tensor.values().length == 0 && (long) programs.size() * length == 0;
        if (!Arrays.equals(tensor.shape(), expected) && !empty) {
            errors.add(
                    in.at(name),
                    "expected shape " + text(expected) + ", got " + text(tensor.shape()));
            return null;
        }
        return checked(name, tensor, nullsAllowed);
    }

    /** Whether no row says how long it would be, because all are null. */
    private boolean isNullPerInstance(Tensor tensor) {
        return programs.batched()
                && tensor.hasNulls()
                && tensor.rank() == 1
                && tensor.shape()[0] == programs.size()
                && Arrays.stream(tensor.values()).allMatch(Double::isNaN);
    }

    private boolean isNobodySolved() {
        return !solutions.isEmpty() && solutions.stream().allMatch(Objects::isNull);
    }

    /** [size], one number per instance; null if the member is absent. */
    double @Nullable [] numbers(String name) {
        Tensor tensor = in.tensor(name);
        precision.see(tensor);
        if (tensor == null) {
            return null;
        }
        int[] expected = programs.batched() ? new int[] {programs.size()} : new int[0];
        if (!Arrays.equals(tensor.shape(), expected)) {
            errors.add(
                    in.at(name),
                    "expected shape " + text(expected) + ", got " + text(tensor.shape()));
            return null;
        }
        return checked(name, tensor, false);
    }

    private double @Nullable [] checked(String name, Tensor tensor, boolean nullsAllowed) {
        double[] values = tensor.values();
        for (int k = 0; k < values.length && !nullsAllowed; k++) {
            if (!Double.isFinite(values[k]) && !isIgnored(k, values.length)) {
                String where =
                        tensor.rank() == 2
                                ? "/" + k / tensor.shape()[1] + "/" + k % tensor.shape()[1]
                                : tensor.rank() == 1 ? "/" + k : "";
                errors.add(
                        in.at(name) + where,
                        "expected a finite number, got "
                                + (tensor.hasNulls() ? "null" : values[k]));
                return null;
            }
        }
        return values;
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

    static String text(int[] shape) {
        String inner = String.join(", ", Arrays.stream(shape).mapToObj(Integer::toString).toList());
        return "(" + inner + (shape.length == 1 ? ",)" : ")");
    }
}
