package io.argmind.testkit;

import io.argmind.problem.Field;
import io.argmind.problem.Program;
import java.util.function.ToDoubleFunction;

/** Central finite differences with respect to the numbers of a program. */
public final class Differences {
    private Differences() {}

    /** The gradient of a function of a program with respect to one field. */
    public static double[] gradient(
            Program program, Field field, double step, ToDoubleFunction<Program> function) {
        double[] at = Tiny.values(program, field);
        double[] gradient = new double[at.length];
        for (int k = 0; k < at.length; k++) {
            if (Double.isInfinite(at[k])) {
                continue;
            }
            double[] up = at.clone();
            double[] down = at.clone();
            up[k] += step;
            down[k] -= step;
            gradient[k] =
                    (function.applyAsDouble(Tiny.with(program, field, up))
                                    - function.applyAsDouble(Tiny.with(program, field, down)))
                            / (2 * step);
        }
        return gradient;
    }
}
