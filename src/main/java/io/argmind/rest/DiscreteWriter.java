package io.argmind.rest;

import io.argmind.dispatch.DiscreteService;
import io.argmind.lpgd.linear.AdaptiveTau;
import io.argmind.lpgd.linear.LinearGradients;
import io.argmind.problem.Field;
import io.argmind.problem.Programs;
import io.argmind.problem.discrete.DiscretePrograms;
import io.argmind.problem.discrete.Kind;
import io.argmind.solution.discrete.DiscreteSolution;
import io.argmind.tensor.DataType;
import io.argmind.tensor.Tensor;
import io.argmind.tensor.Value;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Writes answers about combinatorial problems and noisy costs in the contract's form. */
final class DiscreteWriter {
    private final int[] shape; // of x
    private final BatchWriter batch;
    private final Map<String, Value> members = new LinkedHashMap<>();

    private DiscreteWriter(int[] shape, BatchWriter batch) {
        this.shape = shape;
        this.batch = batch;
    }

    private static DiscreteWriter of(DiscretePrograms programs, DataType type) {
        BatchWriter batch = new BatchWriter(programs.size(), programs.batched(), type);
        return new DiscreteWriter(programs.set().shape(), batch);
    }

    /** For programs whose costs have noise. */
    private static DiscreteWriter of(Programs programs, DataType type) {
        BatchWriter batch = new BatchWriter(programs.size(), programs.batched(), type);
        return new DiscreteWriter(new int[] {programs.n()}, batch);
    }

    static Value solved(DiscretePrograms programs, DiscreteService.Answer answer, DataType type) {
        return of(programs, type).solved(answer);
    }

    static Value solved(Programs programs, DiscreteService.Answer answer, DataType type) {
        return of(programs, type).solved(answer);
    }

    private Value solved(DiscreteService.Answer answer) {
        List<DiscreteSolution> solutions = answer.solutions();
        if (answer.id() != null) {
            put("id", new Value.Text(answer.id()));
        }
        put("solver", new Value.Text(answer.solver()));
        put("reason", new Value.Text(answer.reason()));
        put("status", batch.texts(i -> solutions.get(i).status().key()));
        put("x", rows(i -> solutions.get(i).x()));
        put("objective", values(i -> solutions.get(i).objective()));
        double[] smoothed = answer.smoothed();
        if (smoothed != null) {
            put("smoothed_objective", values(i -> smoothed[i]));
        }
        Map<String, Value> residuals = new LinkedHashMap<>();
        residuals.put("primal", numbers(i -> solutions.get(i).violation()));
        residuals.put("gap", numbers(i -> solutions.get(i).gap()));
        put("residuals", new Value.Obj(residuals));
        put("iterations", counts(i -> (double) solutions.get(i).iterations()));
        if (solutions.stream().anyMatch(s -> s.detail() != null)) {
            put("details", batch.each(i -> BatchWriter.text(solutions.get(i).detail())));
        }
        put("solve_seconds", Tensor.scalar(answer.seconds()));
        return new Value.Obj(members);
    }

    static Value differentiated(
            DiscretePrograms programs,
            DiscreteService.BackwardAnswer answer,
            DataType type,
            boolean withSolutions) {
        Value gradient = Tensor.of(programs.shape(), answer.gradients().cost(), type);
        return of(programs, type)
                .differentiated(answer, Map.of(Kind.COST, gradient), withSolutions);
    }

    /**
     * For programs whose costs have noise.
     *
     * @param wanted whether the gradient by c is
     */
    static Value differentiated(
            Programs programs,
            DiscreteService.BackwardAnswer answer,
            boolean wanted,
            DataType type,
            boolean withSolutions) {
        double[] cost = answer.gradients().cost();
        int n = programs.n();
        boolean own = programs.c().batched();
        int[] all = own ? new int[] {programs.size(), n} : new int[] {n};
        Value gradient = Tensor.of(all, own ? cost : sum(cost, n), type);
        Map<String, Value> gradients = wanted ? Map.of(Field.C.key(), gradient) : Map.of();
        return of(programs, type).differentiated(answer, gradients, withSolutions);
    }

    /** Over the batch, in its order. */
    private static double[] sum(double[] rows, int n) {
        double[] sum = new double[n];
        for (int k = 0; k < rows.length; k++) {
            sum[k % n] += rows[k];
        }
        return sum;
    }

    private Value differentiated(
            DiscreteService.BackwardAnswer answer,
            Map<String, Value> gradients,
            boolean withSolutions) {
        LinearGradients g = answer.gradients();
        put("gradients", new Value.Obj(gradients));
        put("status", batch.texts(i -> g.status().get(i).key()));
        if (withSolutions) {
            Map<String, Value> sides = new LinkedHashMap<>();
            putSide(sides, "lower", g.lowerX());
            putSide(sides, "upper", g.upperX());
            put("solutions", new Value.Obj(sides));
        }
        put("diagnostics", diagnostics(g));
        put("solver", new Value.Text(answer.solver()));
        put("reason", new Value.Text(answer.reason()));
        put("solve_seconds", Tensor.scalar(answer.seconds()));
        return new Value.Obj(members);
    }

    private void put(String name, Value value) {
        members.put(name, value);
    }

    private Value rows(IntFunction<double @Nullable []> row) {
        return batch.rows(shape, row);
    }

    /** What was asked for, in the precision of the request; NaN where there is none. */
    private Value values(IntFunction<Double> value) {
        return batch.rows(
                new int[0],
                i -> {
                    double one = value.apply(i);
                    return Double.isNaN(one) ? null : new double[] {one};
                });
    }

    private Value numbers(IntFunction<Double> number) {
        return batch.numbers(DataType.FLOAT64, number);
    }

    private Value counts(IntFunction<Double> count) {
        return batch.numbers(DataType.INTEGER, count);
    }

    private void putSide(Map<String, Value> sides, String name, double[] @Nullable [] x) {
        if (Arrays.stream(x).anyMatch(Objects::nonNull)) {
            sides.put(name, new Value.Obj(Map.of("x", rows(i -> x[i]))));
        }
    }

    private Value diagnostics(LinearGradients g) {
        Map<String, Value> out = new LinkedHashMap<>();
        out.put("tau", numbers(i -> g.tau()[i] > 0 ? g.tau()[i] : Double.NaN));
        out.put(
                "displacement",
                numbers(i ->
                        g.status().get(i).hasGradient() && g.tau()[i] > 0
                                ? g.displacement()[i]
                                : Double.NaN));
        // x is piecewise constant in the costs
        out.put("degenerate", batch.each(i -> new Value.Bool(true)));
        out.put("noise", numbers(i -> g.status().get(i).hasGradient() ? g.noise()[i] : Double.NaN));
        out.put("iterations", counts(i -> (double) g.iterations()[i]));
        Map<String, Value> moved = new LinkedHashMap<>();
        putMoved(moved, "lower", g.lowerMoved());
        putMoved(moved, "upper", g.upperMoved());
        out.put("moved", new Value.Obj(moved));
        out.put("clamped", batch.each(i -> new Value.Bool(g.clamped()[i])));
        if (g.adaptive() != null) {
            out.put("adaptive", adaptive(g.adaptive()));
        }
        return new Value.Obj(out);
    }

    private void putMoved(Map<String, Value> moved, String name, @Nullable Boolean[] side) {
        if (Arrays.stream(side).anyMatch(Objects::nonNull)) {
            moved.put(name, batch.each(i -> BatchWriter.bool(side[i])));
        }
    }

    private static Value adaptive(AdaptiveTau state) {
        Map<String, Value> out = new LinkedHashMap<>();
        out.put("beta", Tensor.scalar(state.beta()));
        out.put("nonzeros", Tensor.scalar(state.nonzeros()));
        out.put("last_step", Tensor.scalar(state.lastStep()));
        out.put("step", Tensor.scalar(state.step()));
        out.put("momentum", Tensor.scalar(state.momentum()));
        out.put("decay", Tensor.scalar(state.decay()));
        out.put("target", Tensor.scalar(state.target()));
        return new Value.Obj(out);
    }
}
