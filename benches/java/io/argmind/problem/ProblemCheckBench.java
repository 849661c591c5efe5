package io.argmind.problem;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Shapes, values and symmetry of 128 dense programs: one pass over everything where the decoder has
 * not looked for numbers that are not finite, and one over P in any case.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ProblemCheckBench {

    private static final int BATCH = 128;

    @Param({"10", "50", "100"})
    int n;

    @Param({"true", "false"})
    boolean knownFinite;

    private SentProblem problem = new SentProblem(Map.of(), null, List.of(), false);

    @Setup
    public void setUp() {
        Map<Field, SentField> fields = new EnumMap<>(Field.class);
        double[] P = new Random(1).doubles((long) BATCH * n * n).toArray();
        for (int at = 0; at < P.length; at += n * n) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < i; j++) {
                    P[at + i * n + j] = P[at + j * n + i];
                }
            }
        }
        fields.put(Field.P, new SentField.Array(new int[] {BATCH, n, n}, P, false, knownFinite));
        for (Field field : new Field[] {Field.A, Field.G}) {
            fields.put(field, array(new int[] {BATCH, n, n}, BATCH * n * n));
        }
        for (Field field : new Field[] {Field.C, Field.B, Field.H}) {
            fields.put(field, array(new int[] {BATCH, n}, BATCH * n));
        }
        problem = new SentProblem(fields, null, List.of(), false);
    }

    private SentField.Array array(int[] shape, int entries) {
        double[] values = new Random(entries).doubles(entries).toArray();
        return new SentField.Array(shape, values, false, knownFinite);
    }

    @Benchmark
    public Programs build() {
        return ProgramBuilder.build(problem, "/problem", BATCH, new ErrorList());
    }
}
