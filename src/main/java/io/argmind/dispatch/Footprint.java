package io.argmind.dispatch;

import io.argmind.problem.Field;
import io.argmind.problem.MatrixField;
import io.argmind.problem.Programs;
import io.argmind.problem.discrete.DiscretePrograms;
import java.util.Set;

/**
 * The bytes of heap that a request takes beside what was sent, known from shapes alone: a shared
 * matrix with many rows makes long answers of short requests. What a solver works in is not among
 * them, because it does not grow with the batch.
 */
public final class Footprint {
    /** What a back-end says, what is left of it after the check, and the batch as it is written. */
    private static final long COPIES = 3;

    /**
     * Vectors of an instance that is differentiated, relative to its variables and rows: gradients,
     * the factors of those by matrices, both perturbed solutions, and the batch as it is written.
     */
    private static final long VECTORS = 16;

    /** Of an instance, whatever its size. */
    private static final long OBJECTS = 1024;

    private Footprint() {}

    /** Of solving. */
    public static long ofSolve(Programs programs) {
        long vectors = 2L * programs.n() + programs.p() + 2L * programs.m();
        return ofSparse(programs) + of(programs.size(), COPIES * vectors);
    }

    /** Of solving with noise on the costs, which leaves the means alone. */
    public static long ofNoise(Programs programs) {
        return ofSparse(programs) + of(programs.size(), COPIES * programs.n());
    }

    /** Of solving combinatorial problems, with or without noise. */
    public static long ofSolve(DiscretePrograms programs) {
        return of(programs.size(), COPIES * programs.n());
    }

    /**
     * Of differentiating.
     *
     * @param wrt what by
     */
    public static long ofBackward(Programs programs, Set<Field> wrt) {
        long vectors = VECTORS * ((long) programs.n() + programs.p() + programs.m());
        long matrices = 0;
        for (Field field : wrt) {
            if (field.isMatrix()) {
                long copies = programs.isBatched(field) ? programs.size() : 1;
                matrices += copies * programs.matrix(field).sent().length();
            }
        }
        return ofSparse(programs) + of(programs.size(), vectors) + Double.BYTES * matrices;
    }

    /** Of differentiating by costs alone. */
    public static long ofCosts(int size, int n) {
        return of(size, COPIES * n);
    }

    private static long of(int size, long numbers) {
        return size * (Double.BYTES * numbers + OBJECTS);
    }

    /** Rows made of coordinates: values again, and where they stand. */
    private static long ofSparse(Programs programs) {
        long bytes = 0;
        for (Field field : programs.fields()) {
            if (field.isMatrix()
                    && programs.matrix(field).sent() instanceof MatrixField.Coordinates) {
                MatrixField matrix = programs.matrix(field);
                bytes += (long) Double.BYTES * (matrix.values().length + matrix.pattern().nnz());
            }
        }
        return bytes;
    }
}
