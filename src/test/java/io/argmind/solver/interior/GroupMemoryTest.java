package io.argmind.solver.interior;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.argmind.linalg.Lanes;
import io.argmind.linalg.Matrix;
import io.argmind.linalg.Pattern;
import io.argmind.problem.Program;
import io.argmind.testkit.Draw;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What groups are said to take is between what the JVM says they have allocated and twice that;
 * what they are said to take at work is, too, with the programs that they scale.
 */
class GroupMemoryTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static Pattern pattern(int rows, int cols, boolean sparse) {
        if (!sparse) {
            return Pattern.dense(rows, cols);
        }
        int each = Math.min(5, cols);
        int[] start = new int[rows + 1];
        int[] col = new int[rows * each];
        for (int i = 0; i < rows; i++) {
            start[i + 1] = (i + 1) * each;
            for (int k = 0; k < each; k++) {
                col[i * each + k] = k * (cols / each);
            }
        }
        return Pattern.sparse(rows, cols, start, col);
    }

    /** Badly scaled, so that there is a scaled one beside it, and with two bounds everywhere. */
    private static Program program(int n, int p, int m, boolean sparse, boolean diagonal) {
        Draw draw = new Draw(n + p + m);
        double[] x = draw.gaussians(n);
        Matrix P = diagonal ? Matrix.diagonal(filled(n, 1e4)) : identity(n, 1e4);
        Matrix A =
                new Matrix(pattern(p, n, sparse), draw.gaussians(pattern(p, n, sparse).nnz()), 0);
        Matrix G =
                new Matrix(pattern(m, n, sparse), draw.gaussians(pattern(m, n, sparse).nnz()), 0);
        double[] h = G.times(x);
        for (int i = 0; i < m; i++) {
            h[i] += 1;
        }
        return new Program(
                P,
                draw.gaussians(n),
                A,
                A.times(x),
                G,
                h,
                filled(n, -1e3),
                filled(n, 1e3),
                new int[0]);
    }

    private static double[] filled(int n, double value) {
        double[] all = new double[n];
        Arrays.fill(all, value);
        return all;
    }

    private static Matrix identity(int n, double value) {
        double[] full = new double[n * n];
        for (int i = 0; i < n; i++) {
            full[i * n + i] = value;
        }
        return new Matrix(Pattern.dense(n, n), full, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "100, 50, 100, false, false",
        "200, 0, 20, false, false",
        "60, 20, 300, false, false",
        "400, 20, 30, false, true",
        "150, 50, 100, true, false",
        "2000, 40, 60, true, true",
        "3000, 0, 1, true, true"
    })
    void groupsTakeWhatTheySay(int n, int p, int m, boolean sparse, boolean diagonal) {
        List<Program> programs = new ArrayList<>();
        for (int l = 0; l < Lanes.WIDTH; l++) {
            programs.add(program(n, p, m, sparse, diagonal));
        }
        Structure structure = Structure.of(programs);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        LaneGroup group = new LaneGroup(structure);
        long made = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(structure.bytes()).isBetween(made, 2 * made);
        assertThat(group.bytes()).isBetween(made, 2 * made);

        long scaled = 0;
        for (Program program : programs) {
            scaled += ownBytes(Equilibrated.of(program).program(), program);
        }
        assertThat(structure.bytesAtWork() - structure.bytes()).isBetween(scaled, 2 * scaled);
    }

    /** What a scaled program has that the one before has not, and how it is scaled. */
    @SuppressWarnings("ReferenceEquality") // the very same array takes nothing more
    private static long ownBytes(Program scaled, Program sent) {
        long numbers = (long) sent.n() + sent.p() + sent.m();
        List<Function<Program, double[]>> arrays =
                List.of(
                        q -> q.P().values(),
                        q -> q.A().values(),
                        q -> q.G().values(),
                        Program::c,
                        Program::b,
                        Program::h,
                        Program::lb,
                        Program::ub);
        for (Function<Program, double[]> array : arrays) {
            boolean same = array.apply(scaled) == array.apply(sent);
            numbers += same ? 0 : array.apply(scaled).length;
        }
        return Double.BYTES * numbers;
    }
}
