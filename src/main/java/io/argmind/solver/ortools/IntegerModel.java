package io.argmind.solver.ortools;

import com.google.ortools.sat.ConstraintProto;
import com.google.ortools.sat.CpModelProto;
import com.google.ortools.sat.CpObjectiveProto;
import com.google.ortools.sat.IntegerVariableProto;
import com.google.ortools.sat.LinearConstraintProto;
import io.argmind.linalg.Matrix;
import io.argmind.problem.Program;
import org.jspecify.annotations.Nullable;

/**
 * A program in integers as CP-SAT's message. A side that lies off its row's grid is rounded down
 * (rows of G) or makes the program infeasible (rows of A), both up to a relative 1e-9, as other
 * solvers would have it.
 *
 * @param model the message; null if the bounds or a side alone make the program infeasible
 * @param costScale what CP-SAT's objective is to be divided by
 */
record IntegerModel(@Nullable CpModelProto model, double costScale) {
    private static final double ROUNDING = 1e-9;
    private static final double MOST_BOUND = 0x1p40;
    private static final double MOST_ACTIVITY = 0x1p60;
    private static final double MOST_OBJECTIVE = 0x1p52; // still exact as a double

    /** Why CP-SAT cannot be given this program; null if it can. */
    static @Nullable String obstacle(Program program) {
        int n = program.n();
        if (program.integers().length < n) {
            return "CP-SAT takes programs in which every variable is an integer; here %d of %d are"
                    .formatted(program.integers().length, n);
        }
        double[] size = new double[n];
        for (int i = 0; i < n; i++) {
            size[i] = Math.max(Math.abs(program.lb()[i]), Math.abs(program.ub()[i]));
            if (!(size[i] <= MOST_BOUND)) {
                return "CP-SAT needs bounds of moderate size on every variable; those of variable %d are %s and %s"
                        .formatted(i, program.lb()[i], program.ub()[i]);
            }
        }
        String rows = rowObstacle("A", program.A(), size);
        rows = rows == null ? rowObstacle("G", program.G(), size) : rows;
        return rows == null ? costObstacle(program.c(), size) : rows;
    }

    private static @Nullable String rowObstacle(String name, Matrix matrix, double[] size) {
        double[] k = Grid.ofRows(matrix);
        double[] activity = new double[k.length];
        matrix.forEach((i, j, v) -> activity[i] += Math.abs(v) * k[i] * size[j]);
        for (int i = 0; i < k.length; i++) {
            if (!(activity[i] <= MOST_ACTIVITY)) {
                return "CP-SAT computes in integers; row %d of %s %s"
                        .formatted(i, name, reason(k[i]));
            }
        }
        return null;
    }

    private static @Nullable String costObstacle(double[] c, double[] size) {
        double k = Grid.of(c);
        double activity = 0;
        for (int i = 0; i < c.length; i++) {
            activity += Math.abs(c[i]) * k * size[i];
        }
        return activity <= MOST_OBJECTIVE ? null : "CP-SAT computes in integers; c " + reason(k);
    }

    private static String reason(double k) {
        return Double.isNaN(k)
                ? "cannot be scaled to integers exactly: its entries are neither multiples of a power of two nor short decimals"
                : "is too large after scaling to integers by " + k;
    }

    /** Translates a program without {@link #obstacle}. */
    static IntegerModel of(Program program) {
        CpModelProto.Builder model = CpModelProto.newBuilder();
        double costScale = Grid.of(program.c());
        boolean possible = addVariables(program, model);
        possible = possible && addRows(program.A(), program.b(), true, model);
        possible = possible && addRows(program.G(), program.h(), false, model);
        if (!possible) {
            return new IntegerModel(null, costScale);
        }
        CpObjectiveProto.Builder objective = CpObjectiveProto.newBuilder();
        for (int i = 0; i < program.n(); i++) {
            if (program.c()[i] != 0) {
                objective.addVars(i).addCoeffs((long) Math.rint(program.c()[i] * costScale));
            }
        }
        if (objective.getVarsCount() > 0) {
            model.setObjective(objective);
        }
        return new IntegerModel(model.build(), costScale);
    }

    private static boolean addVariables(Program program, CpModelProto.Builder model) {
        for (int i = 0; i < program.n(); i++) {
            long lower = (long) Math.ceil(program.lb()[i] - ROUNDING);
            long upper = (long) Math.floor(program.ub()[i] + ROUNDING);
            if (lower > upper) {
                return false;
            }
            model.addVariables(IntegerVariableProto.newBuilder().addDomain(lower).addDomain(upper));
        }
        return true;
    }

    /** Whether every side leaves integers a chance. */
    private static boolean addRows(
            Matrix matrix, double[] side, boolean equality, CpModelProto.Builder model) {
        double[] k = Grid.ofRows(matrix);
        LinearConstraintProto.Builder[] rows = new LinearConstraintProto.Builder[side.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = LinearConstraintProto.newBuilder();
        }
        matrix.forEach((i, j, v) -> {
            if (v != 0) {
                rows[i].addVars(j).addCoeffs((long) Math.rint(v * k[i]));
            }
        });
        for (int i = 0; i < rows.length; i++) {
            double scaled = side[i] * k[i];
            double slack = ROUNDING * Math.max(1, Math.abs(scaled));
            double limit = equality ? Math.rint(scaled) : Math.floor(scaled + slack);
            boolean beyond = Math.abs(limit) > 2 * MOST_ACTIVITY;
            if (beyond && limit > 0 && !equality) {
                continue; // no point of the box comes near
            }
            if (beyond || (equality && Math.abs(scaled - limit) > slack)) {
                return false;
            }
            rows[i].addDomain(equality ? (long) limit : Long.MIN_VALUE).addDomain((long) limit);
            model.addConstraints(ConstraintProto.newBuilder().setLinear(rows[i]));
        }
        return true;
    }
}
