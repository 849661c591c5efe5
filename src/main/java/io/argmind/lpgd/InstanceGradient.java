package io.argmind.lpgd;

import io.argmind.problem.Field;
import io.argmind.problem.Program;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of one instance with respect to every field, matrices as sums of outer products, and
 * what is known about its quality.
 */
final class InstanceGradient {
    final double[] c;
    final double[] b;
    final double[] h;
    final double[] lb;
    final double[] ub;
    final OuterSum P = new OuterSum();
    final OuterSum A = new OuterSum();
    final OuterSum G = new OuterSum();

    BackwardStatus status = BackwardStatus.OK;
    double tau;
    double displacement;
    @Nullable Boolean degenerate;
    double noise;
    long iterations;
    double @Nullable [] lowerX;
    double @Nullable [] upperX;

    private InstanceGradient(Program program) {
        this.c = new double[program.n()];
        this.b = new double[program.p()];
        this.h = new double[program.m()];
        this.lb = new double[program.n()];
        this.ub = new double[program.n()];
    }

    static InstanceGradient zero(Program program) {
        return new InstanceGradient(program);
    }

    /** A zero gradient for an instance that has none. */
    static InstanceGradient failed(Program program, BackwardStatus status) {
        InstanceGradient gradient = zero(program);
        gradient.status = status;
        return gradient;
    }

    double[] vector(Field field) {
        return switch (field) {
            case C -> c;
            case B -> b;
            case H -> h;
            case LB -> lb;
            case UB -> ub;
            case P, A, G -> throw new IllegalArgumentException(field + " is a matrix");
        };
    }

    OuterSum matrix(Field field) {
        return switch (field) {
            case P -> P;
            case A -> A;
            case G -> G;
            case C, B, H, LB, UB -> throw new IllegalArgumentException(field + " is a vector");
        };
    }
}
