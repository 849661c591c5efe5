package io.argmind.rest;

import io.argmind.dispatch.BackwardService;
import io.argmind.dispatch.SolveService;
import io.argmind.lpgd.Gradients;
import io.argmind.problem.Field;
import io.argmind.problem.MatrixField;
import io.argmind.problem.Programs;
import io.argmind.solution.Residuals;
import io.argmind.solution.Solution;
import io.argmind.solution.Solution.Point;
import io.argmind.tensor.DataType;
import io.argmind.tensor.Tensor;
import io.argmind.tensor.Value;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Writes answers in the contract's form: with a batch axis exactly where the problem had one. */
final class AnswerWriter {
    private final Programs programs;
    private final DataType type;
    private final BatchWriter batch;
    private final Map<String, Value> members = new LinkedHashMap<>();

    private AnswerWriter(Programs programs, DataType type) {
        this.programs = programs;
        this.type = type;
        this.batch = new BatchWriter(programs.size(), programs.batched(), type);
    }

    static Value solved(Programs programs, SolveService.Answer answer, DataType type) {
        AnswerWriter out = new AnswerWriter(programs, type);
        List<Solution> solutions = answer.solutions();
        if (answer.id() != null) {
            out.members.put("id", new Value.Text(answer.id()));
        }
        out.members.put("solver", new Value.Text(answer.solver()));
        out.members.put("reason", new Value.Text(answer.reason()));
        out.members.put("status", out.batch.texts(i -> solutions.get(i).status().key()));
        out.members.put("x", out.rows(solutions, programs.n(), Point::x));
        out.members.put("y", out.rows(solutions, programs.p(), Point::y));
        out.members.put("z", out.rows(solutions, programs.m(), Point::z));
        out.members.put("s", out.rows(solutions, programs.m(), Point::s));
        out.members.put("z_box", out.rows(solutions, programs.n(), Point::zBox));
        out.members.put("objective", out.rows(solutions, -1, p -> new double[] {p.objective()}));
        out.members.put("residuals", out.residuals(solutions));
        out.members.put(
                "iterations",
                out.batch.numbers(DataType.INTEGER, i -> (double) solutions.get(i).iterations()));
        if (solutions.stream().anyMatch(s -> s.detail() != null)) {
            out.members.put(
                    "details", out.batch.each(i -> BatchWriter.text(solutions.get(i).detail())));
        }
        out.members.put("solve_seconds", Tensor.scalar(answer.seconds()));
        return new Value.Obj(out.members);
    }

    static Value differentiated(
            Programs programs,
            BackwardService.Answer answer,
            DataType type,
            boolean withSolutions) {
        AnswerWriter out = new AnswerWriter(programs, type);
        Gradients g = answer.gradients();
        Map<String, Value> gradients = new LinkedHashMap<>();
        g.values()
                .forEach(
                        (field, values) -> gradients.put(field.key(), out.gradient(field, values)));
        out.members.put("gradients", new Value.Obj(gradients));
        out.members.put("status", out.batch.texts(i -> g.status().get(i).key()));
        if (withSolutions) {
            Map<String, Value> sides = new LinkedHashMap<>();
            out.putSide(sides, "lower", g.lowerX());
            out.putSide(sides, "upper", g.upperX());
            out.members.put("solutions", new Value.Obj(sides));
        }
        out.members.put("diagnostics", out.diagnostics(g));
        out.members.put("solver", new Value.Text(answer.solver()));
        out.members.put("reason", new Value.Text(answer.reason()));
        out.members.put("solve_seconds", Tensor.scalar(answer.seconds()));
        return new Value.Obj(out.members);
    }

    private Value diagnostics(Gradients g) {
        Map<String, Value> diagnostics = new LinkedHashMap<>();
        diagnostics.put(
                "tau",
                batch.numbers(DataType.FLOAT64, i -> g.tau()[i] > 0 ? g.tau()[i] : Double.NaN));
        diagnostics.put(
                "displacement",
                batch.numbers(
                        DataType.FLOAT64, i -> hasMoved(g, i) ? g.displacement()[i] : Double.NaN));
        diagnostics.put("degenerate", batch.each(i -> BatchWriter.bool(g.degenerate()[i])));
        diagnostics.put(
                "noise",
                batch.numbers(
                        DataType.FLOAT64,
                        i -> g.status().get(i).hasGradient() ? g.noise()[i] : Double.NaN));
        diagnostics.put(
                "iterations", batch.numbers(DataType.INTEGER, i -> (double) g.iterations()[i]));
        return new Value.Obj(diagnostics);
    }

    /** Whether a perturbed solution was found, whose distance is known. */
    private static boolean hasMoved(Gradients g, int i) {
        return g.status().get(i).hasGradient() && g.tau()[i] > 0;
    }

    private void putSide(Map<String, Value> sides, String name, double[] @Nullable [] x) {
        if (Arrays.stream(x).anyMatch(Objects::nonNull)) {
            sides.put(
                    name,
                    new Value.Obj(Map.of("x", batch.rows(new int[] {programs.n()}, i -> x[i]))));
        }
    }

    private Value rows(List<Solution> solutions, int length, Function<Point, double[]> part) {
        return batch.rows(
                length < 0 ? new int[0] : new int[] {length},
                i -> {
                    Point point = solutions.get(i).point();
                    return point == null ? null : part.apply(point);
                });
    }

    private Value residuals(List<Solution> solutions) {
        Map<String, Value> residuals = new LinkedHashMap<>();
        residuals.put("primal", residual(solutions, Residuals::primal));
        residuals.put("dual", residual(solutions, Residuals::dual));
        residuals.put("gap", residual(solutions, Residuals::gap));
        return new Value.Obj(residuals);
    }

    private Value residual(List<Solution> solutions, ToDoubleFunction<Residuals> part) {
        return batch.numbers(
                DataType.FLOAT64,
                i -> {
                    Residuals r = solutions.get(i).residuals();
                    return r == null ? Double.NaN : part.applyAsDouble(r);
                });
    }

    private Value gradient(Field field, double[] values) {
        if (!field.isMatrix()) {
            var sent = programs.vector(field);
            int[] shape =
                    sent.scalar()
                            ? new int[0]
                            : sent.batched()
                                    ? new int[] {programs.size(), sent.length()}
                                    : new int[] {sent.length()};
            return Tensor.of(shape, values, type);
        }
        MatrixField sent = programs.matrix(field);
        return switch (sent.sent()) {
            case MatrixField.Dense dense ->
                    Tensor.of(
                            sent.batched()
                                    ? new int[] {programs.size(), dense.rows(), dense.cols()}
                                    : new int[] {dense.rows(), dense.cols()},
                            values,
                            type);
            case MatrixField.Coordinates at -> coordinates(sent, at, values);
        };
    }

    private Value coordinates(MatrixField sent, MatrixField.Coordinates at, double[] values) {
        Map<String, Value> sparse = new LinkedHashMap<>();
        sparse.put("format", new Value.Text("coo"));
        sparse.put("shape", indices(new int[] {sent.pattern().rows(), sent.pattern().cols()}));
        sparse.put("rows", indices(at.rows()));
        sparse.put("cols", indices(at.cols()));
        int[] shape =
                sent.batched() ? new int[] {programs.size(), at.length()} : new int[] {at.length()};
        sparse.put("values", Tensor.of(shape, values, type));
        if (at.upperTriangle()) {
            sparse.put("triangle", new Value.Text("upper"));
        }
        return new Value.Obj(sparse);
    }

    private static Tensor indices(int[] values) {
        return Tensor.of(
                new int[] {values.length},
                Arrays.stream(values).asDoubleStream().toArray(),
                DataType.INTEGER);
    }
}
