package io.argmind.solver.ortools;

import com.google.ortools.linearsolver.MPConstraintProto;
import com.google.ortools.linearsolver.MPModelProto;
import com.google.ortools.linearsolver.MPModelRequest;
import com.google.ortools.linearsolver.MPModelRequest.SolverType;
import com.google.ortools.linearsolver.MPQuadraticObjective;
import com.google.ortools.linearsolver.MPSolutionResponse;
import com.google.ortools.linearsolver.MPSolver;
import com.google.ortools.linearsolver.MPVariableProto;
import io.argmind.linalg.Matrix;
import io.argmind.problem.Program;
import java.util.Arrays;

/**
 * One program as a message, the only way to give OR-Tools a quadratic objective from Java. Such a
 * solve keeps its time limit and cannot be interrupted. Only PDLP (diagonal P) and SCIP honour the
 * quadratic terms; all other back-ends of OR-Tools drop them without a word.
 *
 * <p>Signs as in {@link MpModel}: the response has d objective / d right-hand side, and Px + c -
 * A'y as reduced costs.
 */
final class ProtoModel {
    private static final double INF = Double.POSITIVE_INFINITY;

    private ProtoModel() {}

    /**
     * Solves.
     *
     * @param text parameters in the back-end's own language
     * @param seconds time limit
     */
    static MPSolutionResponse solve(Program program, SolverType type, String text, double seconds) {
        OrToolsLibrary.load();
        MPModelRequest request =
                MPModelRequest.newBuilder()
                        .setModel(model(program))
                        .setSolverType(type)
                        .setSolverSpecificParameters(text)
                        .setSolverTimeLimitSeconds(Math.max(1e-3, seconds))
                        .build();
        return MPSolver.solveWithProto(request);
    }

    private static MPModelProto model(Program program) {
        MPModelProto.Builder model = MPModelProto.newBuilder();
        boolean[] integer = new boolean[program.n()];
        for (int i : program.integers()) {
            integer[i] = true;
        }
        for (int i = 0; i < integer.length; i++) {
            model.addVariable(
                    MPVariableProto.newBuilder()
                            .setLowerBound(program.lb()[i])
                            .setUpperBound(program.ub()[i])
                            .setIsInteger(integer[i])
                            .setObjectiveCoefficient(program.c()[i]));
        }
        MPQuadraticObjective.Builder quadratic = MPQuadraticObjective.newBuilder();
        program.P()
                .forEach((i, j, v) -> {
                    if (v != 0) {
                        quadratic.addQvar1Index(i).addQvar2Index(j).addCoefficient(v / 2);
                    }
                });
        model.setQuadraticObjective(quadratic);
        addRows(model, program.A(), program.b(), true);
        addRows(model, program.G(), program.h(), false);
        return model.build();
    }

    private static void addRows(
            MPModelProto.Builder model, Matrix matrix, double[] side, boolean equality) {
        MPConstraintProto.Builder[] rows = new MPConstraintProto.Builder[side.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] =
                    MPConstraintProto.newBuilder()
                            .setLowerBound(equality ? side[i] : -INF)
                            .setUpperBound(side[i]);
        }
        matrix.forEach((i, j, v) -> {
            if (v != 0) {
                rows[i].addVarIndex(j).addCoefficient(v);
            }
        });
        for (MPConstraintProto.Builder row : rows) {
            model.addConstraint(row);
        }
    }

    static double[] x(MPSolutionResponse response) {
        double[] x = new double[response.getVariableValueCount()];
        Arrays.setAll(x, response::getVariableValue);
        return x;
    }

    static double[] y(MPSolutionResponse response, Program program) {
        double[] y = new double[program.p()];
        Arrays.setAll(y, i -> 0 - response.getDualValue(i));
        return y;
    }

    static double[] z(MPSolutionResponse response, Program program) {
        double[] z = new double[program.m()];
        Arrays.setAll(z, i -> 0 - response.getDualValue(program.p() + i));
        return z;
    }

    static double[] zBox(MPSolutionResponse response) {
        double[] zBox = new double[response.getReducedCostCount()];
        Arrays.setAll(zBox, i -> 0 - response.getReducedCost(i));
        return zBox;
    }
}
