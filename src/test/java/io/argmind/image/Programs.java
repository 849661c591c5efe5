package io.argmind.image;

import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Requests. */
final class Programs {
    /** The linear program of the README; x = (0, 1, 0). */
    static final String PROBLEM = "{'c': [-0.1, -0.2, 0.1], 'A': [[1, 1, 1]], 'b': [1], 'lb': 0}";

    private static final String SOLUTION =
            "{'x': [0, 1, 0], 'y': [0.2], 'z': [], 'z_box': [-0.1, 0, -0.3]}";

    /** The same sent again, for a replica that does not know the solve. */
    static final String SENT = "{'problem': " + PROBLEM + ", 'solution': " + SOLUTION + "}";

    private Programs() {}

    static String solve() {
        return "{'problem': " + PROBLEM + "}";
    }

    /** The gradient (0, -1, 1) of c. */
    static String backward(String solve) {
        return "{'solve': "
                + solve
                + ", 'gradient': {'x': [0.1, 0.1, -0.5]}, 'wrt': ['c'], 'tau': 1, 'envelope': 'lower'}";
    }

    /** A market split problem: branch and bound enumerates it for hours, so the limit ends it. */
    static String slow(int seconds) {
        int n = 50;
        int rows = 6;
        Random random = new Random(1);
        int[][] a = new int[rows][];
        for (int i = 0; i < rows; i++) {
            a[i] = random.ints(n, 0, 100).toArray();
        }
        return """
        {'problem': {'c': [%s], 'A': [%s], 'b': [%s], 'lb': 0, 'ub': 1, 'integers': [%s]},
         'solver': 'ortools-scip', 'options': {'time_limit': %d}}
        """
                .formatted(
                        join(new int[n]),
                        IntStream.range(0, rows)
                                .mapToObj(i -> "[" + join(a[i]) + "]")
                                .collect(Collectors.joining(",")),
                        IntStream.range(0, rows)
                                .mapToObj(i -> String.valueOf(IntStream.of(a[i]).sum() / 2))
                                .collect(Collectors.joining(",")),
                        join(IntStream.range(0, n).toArray()),
                        seconds);
    }

    /** A body of about so many bytes that is read to its end and then refused with 422. */
    static String large(int bytes) {
        return of("0.1234567890123456,", bytes);
    }

    /** The same of the shortest numbers that there are: they take four times their body's size. */
    static String dense(int bytes) {
        return of("0,", bytes);
    }

    private static String of(String number, int bytes) {
        return "{'problem': {'c': [1], 'b': ["
                + number.repeat(bytes / number.length())
                + "1], 'A': [[1]]}}";
    }

    private static String join(int[] numbers) {
        return IntStream.of(numbers).mapToObj(String::valueOf).collect(Collectors.joining(","));
    }
}
