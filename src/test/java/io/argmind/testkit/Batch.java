package io.argmind.testkit;

import io.argmind.linalg.Matrix;
import io.argmind.problem.Field;
import io.argmind.problem.MatrixField;
import io.argmind.problem.Program;
import io.argmind.problem.Programs;
import io.argmind.problem.VectorField;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Function;

/** Batches of programs, dense, every field with a batch axis, as if a client had sent them so. */
public final class Batch {
    private Batch() {}

    public static Programs of(Program... programs) {
        return of(List.of(programs));
    }

    public static Programs of(List<Program> programs) {
        Program first = programs.getFirst();
        int n = first.n();
        return new Programs(
                programs.size(),
                true,
                EnumSet.allOf(Field.class),
                matrix(programs, Program::P, n, n),
                vector(programs, Program::c, n),
                matrix(programs, Program::A, first.p(), n),
                vector(programs, Program::b, first.p()),
                matrix(programs, Program::G, first.m(), n),
                vector(programs, Program::h, first.m()),
                vector(programs, Program::lb, n),
                vector(programs, Program::ub, n),
                first.integers(),
                first.cones());
    }

    private static MatrixField matrix(
            List<Program> programs, Function<Program, Matrix> part, int rows, int cols) {
        return MatrixField.dense(
                rows,
                cols,
                concat(programs.stream().map(part).map(Matrix::toDense).toList()),
                true);
    }

    private static VectorField vector(
            List<Program> programs, Function<Program, double[]> part, int length) {
        return new VectorField(length, concat(programs.stream().map(part).toList()), true, false);
    }

    /** The arrays one after another. */
    public static double[] concat(List<double[]> parts) {
        return parts.stream().flatMapToDouble(Arrays::stream).toArray();
    }
}
