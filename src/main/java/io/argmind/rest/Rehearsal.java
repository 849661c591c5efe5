package io.argmind.rest;

import io.argmind.dispatch.Allowance;
import io.argmind.dispatch.BackwardService;
import io.argmind.dispatch.DiscreteService;
import io.argmind.dispatch.DispatchSettings;
import io.argmind.dispatch.NoisyService;
import io.argmind.dispatch.RegisteredProblems;
import io.argmind.dispatch.RetainedSolves;
import io.argmind.dispatch.ServiceMeters;
import io.argmind.dispatch.SolveService;
import io.argmind.dispatch.Tenant;
import io.argmind.dispatch.Workers;
import io.argmind.solver.Oracles;
import io.argmind.solver.Solvers;
import io.argmind.tensor.DocumentReader;
import io.argmind.tensor.DocumentWriter;
import io.argmind.tensor.Tensor;
import io.argmind.tensor.Value;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * Requests of the kind that training loops send, from the bytes of their bodies to those of the
 * answers, on endpoints of their own: nothing of it is seen in the service's meters, nor kept.
 */
public final class Rehearsal implements AutoCloseable {
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final long RETAINED_BYTES = 1L << 24;

    private final DocumentReader reader;
    private final DocumentWriter writer = new DocumentWriter();
    private final Workers workers;
    private final SolveEndpoint solve;
    private final BackwardEndpoint backward;
    private final List<Scene> scenes = new ArrayList<>();

    /**
     * A request and what a backward pass asks of it.
     *
     * @param options of the backward pass
     */
    private record Scene(byte[] body, Map<String, Value> options) {}

    public Rehearsal(
            Solvers solvers, Oracles oracles, DispatchSettings settings, DocumentReader reader)
            throws IOException {
        this.reader = reader;
        MeterRegistry registry = new SimpleMeterRegistry();
        ServiceMeters meters = new ServiceMeters(registry);
        DispatchSettings small = settings.withMemory(RETAINED_BYTES);
        this.workers = new Workers(settings.threads(), registry);
        RetainedSolves retained = new RetainedSolves(small, registry);
        RegisteredProblems registered = new RegisteredProblems(small, registry);
        SolveService solves = new SolveService(solvers, workers, retained, meters);
        DiscreteService discrete = new DiscreteService(oracles, workers, retained, meters);
        NoisyService noisy = new NoisyService(solves, retained, meters);
        BackwardService gradients = new BackwardService(solves, meters);
        this.solve = new SolveEndpoint(solves, discrete, noisy, registered, small);
        this.backward =
                new BackwardEndpoint(gradients, discrete, noisy, registered, retained, small);
        writeScenes(new Random(1));
    }

    private void writeScenes(Random random) throws IOException {
        Value factors = new Value.Items(List.of(new Value.Text("factors")));
        for (int[] size : new int[][] {{10, 64}, {50, 16}}) {
            Value program = program(random, size[0], size[1], true);
            scenes.add(scene(program, Map.of("return", factors)));
            scenes.add(scene(program, Map.of("method", new Value.Text("implicit"))));
        }
        Value linear = program(random, 24, 32, false);
        scenes.add(scene(linear, Map.of("rho", Tensor.scalar(0.1))));
        int[] grid = {32, 12, 12};
        Value costs = Tensor.of(grid, random.doubles(32 * 144).toArray());
        Value paths =
                new Value.Obj(Map.of("type", new Value.Text("grid-shortest-path"), "cost", costs));
        scenes.add(scene(paths, Map.of("tau", Tensor.scalar(20))));
        Value prices = Tensor.of(new int[] {32, 20, 20}, random.doubles(32 * 400).toArray());
        Value pairs = new Value.Obj(Map.of("type", new Value.Text("assignment"), "cost", prices));
        scenes.add(scene(pairs, Map.of("tau", Tensor.scalar(20))));
    }

    private Scene scene(Value problem, Map<String, Value> options) throws IOException {
        return new Scene(bytes(Map.of("problem", problem)), options);
    }

    /** A strictly convex or a bounded linear program with n rows and n/2 equalities. */
    private static Value program(Random random, int n, int batch, boolean quadratic) {
        double[] P = new double[batch * n * n];
        double[] G = uniform(random, batch * n * n);
        double[] A = uniform(random, batch * n / 2 * n);
        double[] h = random.doubles((long) batch * n, 0.1, 1).toArray();
        for (int b = 0; quadratic && b < batch; b++) {
            double[] root = uniform(random, n * n);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    double sum = i == j ? 0.1 : 0;
                    for (int k = 0; k < n; k++) {
                        sum += root[i * n + k] * root[j * n + k] / n;
                    }
                    P[(b * n + i) * n + j] = sum;
                }
            }
        }
        Map<String, Value> fields = new LinkedHashMap<>();
        if (quadratic) {
            fields.put("P", Tensor.of(new int[] {batch, n, n}, P));
        } else {
            fields.put("lb", Tensor.scalar(-1));
            fields.put("ub", Tensor.scalar(1));
        }
        fields.put("c", Tensor.of(new int[] {batch, n}, uniform(random, batch * n)));
        fields.put("A", Tensor.of(new int[] {batch, n / 2, n}, A));
        fields.put("b", Tensor.of(new int[] {batch, n / 2}, new double[batch * (n / 2)]));
        fields.put("G", Tensor.of(new int[] {batch, n, n}, G));
        fields.put("h", Tensor.of(new int[] {batch, n}, h));
        return new Value.Obj(fields);
    }

    private static double[] uniform(Random random, int count) {
        return random.doubles(count, -1, 1).toArray();
    }

    private byte[] bytes(Map<String, Value> members) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.writeCbor(new Value.Obj(members), out);
        return out.toByteArray();
    }

    private Value read(byte[] body) throws IOException {
        return reader.readCbor(new ByteArrayInputStream(body), body.length);
    }

    /** How many requests {@link #perform} knows. */
    public int scenes() {
        return scenes.size();
    }

    /**
     * Solves, and differentiates half the squared norm of x.
     *
     * @return the status of every instance, of the solve and then of the backward pass
     */
    public List<String> perform(int number) throws IOException {
        Scene scene = scenes.get(number);
        Value.Obj solved =
                answer(
                        solve.solve(
                                read(scene.body), deadline(), Tenant.ANYONE, Allowance.UNLIMITED));
        Map<String, Value> body = new LinkedHashMap<>(scene.options);
        body.put("solve", new Value.Obj(Map.of("id", member(solved, "id"))));
        body.put("gradient", new Value.Obj(Map.of("x", member(solved, "x"))));
        Value.Obj differentiated =
                answer(
                        backward.differentiate(
                                read(bytes(body)), deadline(), Tenant.ANYONE, Allowance.UNLIMITED));
        List<String> statuses = new ArrayList<>();
        for (Value.Obj answer : List.of(solved, differentiated)) {
            for (Value status : ((Value.Items) member(answer, "status")).values()) {
                statuses.add(((Value.Text) status).value());
            }
        }
        return statuses;
    }

    private static long deadline() {
        return System.nanoTime() + PATIENCE_NANOS;
    }

    private Value.Obj answer(Value value) throws IOException {
        writer.cborLength(value);
        writer.writeCbor(value, OutputStream.nullOutputStream());
        return (Value.Obj) value;
    }

    private static Value member(Value.Obj object, String name) {
        return Objects.requireNonNull(object.members().get(name), name);
    }

    @Override
    public void close() {
        workers.close();
    }
}
