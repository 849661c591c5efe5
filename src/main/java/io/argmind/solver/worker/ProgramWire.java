package io.argmind.solver.worker;

import io.argmind.linalg.Matrix;
import io.argmind.linalg.Pattern;
import io.argmind.problem.Cone;
import io.argmind.problem.Program;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Programs as bytes. What a program shares with the one that the same session got before is not
 * sent again, and is shared on the other side too: that is how back-ends tell neighbours, and
 * re-solves send no more than their costs.
 */
final class ProgramWire {
    private static final int NONNEGATIVE = 0;
    private static final int SECOND_ORDER = 1;
    private static final int PSD = 2;
    private static final int EXPONENTIAL = 3;
    private static final int POWER = 4;

    private ProgramWire() {}

    /**
     * Writes what differs from the program before.
     *
     * @param last what the other side got before; null if nothing
     */
    static void write(WireOutput out, Program program, @Nullable Program last) throws IOException {
        write(out, program.P(), last == null ? null : last.P());
        write(out, program.A(), last == null ? null : last.A());
        write(out, program.G(), last == null ? null : last.G());
        write(out, program.c(), last == null ? null : last.c());
        write(out, program.b(), last == null ? null : last.b());
        write(out, program.h(), last == null ? null : last.h());
        write(out, program.lb(), last == null ? null : last.lb());
        write(out, program.ub(), last == null ? null : last.ub());
        boolean same = last != null && isSame(program.integers(), last.integers());
        out.writeBoolean(same);
        if (!same) {
            out.writeInts(program.integers());
        }
        out.writeInt(program.cones().size());
        for (Cone cone : program.cones()) {
            write(out, cone);
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param last the program read before; null if there was none
     */
    static Program read(WireInput in, @Nullable Program last) throws IOException {
        Matrix P = readMatrix(in, last == null ? null : last.P());
        Matrix A = readMatrix(in, last == null ? null : last.A());
        Matrix G = readMatrix(in, last == null ? null : last.G());
        double[] c = readVector(in, last == null ? null : last.c());
        double[] b = readVector(in, last == null ? null : last.b());
        double[] h = readVector(in, last == null ? null : last.h());
        double[] lb = readVector(in, last == null ? null : last.lb());
        double[] ub = readVector(in, last == null ? null : last.ub());
        int[] integers = in.readBoolean() ? known(last).integers() : in.readInts();
        int count = in.readInt(0, Integer.MAX_VALUE);
        List<Cone> cones = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            cones.add(readCone(in));
        }
        return new Program(P, c, A, b, G, h, lb, ub, integers, cones);
    }

    private static <T> T known(@Nullable T last) throws IOException {
        if (last == null) {
            throw new GarbledException("a reference to a program that was never sent");
        }
        return last;
    }

    @SuppressWarnings("ReferenceEquality") // shared arrays are what makes programs neighbours
    private static boolean isSame(Object a, Object b) {
        return a == b;
    }

    private static void write(WireOutput out, double[] values, double @Nullable [] last)
            throws IOException {
        boolean same = last != null && isSame(values, last);
        out.writeBoolean(same);
        if (!same) {
            out.writeDoubles(values);
        }
    }

    private static double[] readVector(WireInput in, double @Nullable [] last) throws IOException {
        return in.readBoolean() ? known(last) : in.readDoubles();
    }

    private static void write(WireOutput out, Matrix matrix, @Nullable Matrix last)
            throws IOException {
        boolean samePattern = last != null && isSame(matrix.pattern(), last.pattern());
        out.writeBoolean(samePattern);
        if (!samePattern) {
            write(out, matrix.pattern());
        }
        boolean sameValues =
                last != null
                        && samePattern
                        && isSame(matrix.values(), last.values())
                        && matrix.offset() == last.offset();
        out.writeBoolean(sameValues);
        if (!sameValues) {
            out.writeDoubles(matrix.values(), matrix.offset(), matrix.nnz());
        }
    }

    private static Matrix readMatrix(WireInput in, @Nullable Matrix last) throws IOException {
        Pattern pattern = in.readBoolean() ? known(last).pattern() : readPattern(in);
        return in.readBoolean() ? known(last) : new Matrix(pattern, in.readDoubles(), 0);
    }

    private static void write(WireOutput out, Pattern pattern) throws IOException {
        out.writeInt(pattern.rows());
        out.writeInt(pattern.cols());
        out.writeBoolean(pattern.isDense());
        if (pattern.isDense()) {
            return;
        }
        for (int i = 0; i < pattern.rows(); i++) {
            int from = pattern.start(i);
            int to = pattern.start(i + 1);
            out.writeInt(to - from);
            for (int k = from; k < to; k++) {
                out.writeInt(pattern.col(i, k));
            }
        }
    }

    private static Pattern readPattern(WireInput in) throws IOException {
        int rows = in.readInt(0, Integer.MAX_VALUE);
        int cols = in.readInt(0, Integer.MAX_VALUE);
        if (in.readBoolean()) {
            return Pattern.dense(rows, cols);
        }
        int[] start = new int[rows + 1];
        int[] col = new int[Math.max(16, rows)];
        for (int i = 0; i < rows; i++) {
            start[i + 1] = Math.addExact(start[i], in.readInt(0, cols));
            if (start[i + 1] > col.length) {
                col = Arrays.copyOf(col, Math.max(2 * col.length, start[i + 1]));
            }
            for (int k = start[i]; k < start[i + 1]; k++) {
                col[k] = in.readInt(0, cols - 1);
            }
        }
        return Pattern.sparse(rows, cols, start, Arrays.copyOf(col, start[rows]));
    }

    private static void write(WireOutput out, Cone cone) throws IOException {
        switch (cone) {
            case Cone.Nonnegative k -> writeKind(out, NONNEGATIVE, k.dim());
            case Cone.SecondOrder k -> writeKind(out, SECOND_ORDER, k.dim());
            case Cone.Psd k -> writeKind(out, PSD, k.side());
            case Cone.Exponential k -> writeKind(out, EXPONENTIAL, 0);
            case Cone.Power k -> {
                writeKind(out, POWER, 0);
                out.writeDouble(k.alpha());
            }
        }
    }

    private static void writeKind(WireOutput out, int kind, int size) throws IOException {
        out.writeInt(kind);
        out.writeInt(size);
    }

    private static Cone readCone(WireInput in) throws IOException {
        int kind = in.readInt(NONNEGATIVE, POWER);
        int size = in.readInt();
        return switch (kind) {
            case NONNEGATIVE -> new Cone.Nonnegative(size);
            case SECOND_ORDER -> new Cone.SecondOrder(size);
            case PSD -> new Cone.Psd(size);
            case EXPONENTIAL -> new Cone.Exponential();
            default -> new Cone.Power(in.readDouble());
        };
    }
}
