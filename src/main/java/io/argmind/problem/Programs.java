package io.argmind.problem;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A batch of programs of one structure. A field is shared by all instances or each instance has its
 * own.
 *
 * @param size the number of instances; 1 when not batched
 * @param batched whether any field was sent with a batch axis, so that answers have one too
 * @param fields the fields that the client sent (directly or in the base); the others have their
 *     neutral values
 * @param integers indices of integer variables, ascending
 * @param cones as in {@link Program}
 */
public record Programs(
        int size,
        boolean batched,
        Set<Field> fields,
        MatrixField P,
        VectorField c,
        MatrixField A,
        VectorField b,
        MatrixField G,
        VectorField h,
        VectorField lb,
        VectorField ub,
        int[] integers,
        List<Cone> cones) {

    public Programs {
        cones = Program.partition(cones, h.length());
        fields =
                Set.copyOf(fields.isEmpty() ? EnumSet.noneOf(Field.class) : EnumSet.copyOf(fields));
    }

    public int n() {
        return c.length();
    }

    public int p() {
        return b.length();
    }

    public int m() {
        return h.length();
    }

    /** Whether K is more than the nonnegative orthant. */
    public boolean isConic() {
        return !cones.isEmpty();
    }

    /** Whether objectives are linear and the rows have no cones. */
    public boolean isLinear() {
        return !isConic() && !problemClass().isQuadratic();
    }

    /** One instance; shared fields are the same arrays in every instance. */
    public Program instance(int i) {
        return new Program(
                P.of(i), c.of(i), A.of(i), b.of(i), G.of(i), h.of(i), lb.of(i), ub.of(i), integers,
                cones);
    }

    /** The class of the hardest instance: a P of zeros in all instances counts as none. */
    public ProblemClass problemClass() {
        if (isConic()) {
            return ProblemClass.CONIC;
        }
        boolean quadratic = false;
        for (double v : P.values()) {
            if (v != 0) {
                quadratic = true;
                break;
            }
        }
        if (integers.length > 0) {
            return quadratic ? ProblemClass.MIQP : ProblemClass.MILP;
        }
        return quadratic ? ProblemClass.QP : ProblemClass.LP;
    }

    public MatrixField matrix(Field field) {
        return switch (field) {
            case P -> P;
            case A -> A;
            case G -> G;
            case C, B, H, LB, UB -> throw new IllegalArgumentException(field + " is a vector");
        };
    }

    public VectorField vector(Field field) {
        return switch (field) {
            case C -> c;
            case B -> b;
            case H -> h;
            case LB -> lb;
            case UB -> ub;
            case P, A, G -> throw new IllegalArgumentException(field + " is a matrix");
        };
    }

    public boolean isBatched(Field field) {
        return field.isMatrix() ? matrix(field).batched() : vector(field).batched();
    }

    /** The bytes that this batch keeps in memory. */
    public long bytes() {
        long numbers = 0;
        for (Field f : Field.values()) {
            numbers += f.isMatrix() ? matrix(f).values().length : vector(f).values().length;
            numbers += f.isMatrix() ? 2L * matrix(f).pattern().nnz() : 0;
        }
        return 8 * numbers + 24L * cones.size() + 4096;
    }
}
