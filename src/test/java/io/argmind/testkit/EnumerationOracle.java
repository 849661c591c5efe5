package io.argmind.testkit;

import io.argmind.problem.discrete.Discrete;
import io.argmind.problem.discrete.Kind;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.Oracle;
import io.argmind.solver.OracleSession;
import io.argmind.solver.Selection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Looks at every element of a set; of several minima it takes the first. It misbehaves where the
 * first cost says so.
 */
public final class EnumerationOracle implements Oracle {
    public static final String NAME = "enumeration";

    /** First cost of problems that take until their deadline. */
    public static final double SLEEP = -7001;

    /** First cost of problems on which the session throws. */
    public static final double THROW = -7003;

    /** First cost of problems that are answered with something else. */
    public static final double LIE = -7006;

    /** First cost of problems that are called infeasible. */
    public static final double DENY = -7007;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String version() {
        return "1";
    }

    @Override
    public Set<Kind> kinds() {
        return EnumSet.allOf(Kind.class);
    }

    @Override
    public String notes() {
        return "For tests.";
    }

    @Override
    public double estimateSeconds(Discrete set) {
        return 1e6; // never the fastest
    }

    @Override
    public OracleSession open(Discrete set) {
        List<double[]> elements = Tried.of(set);
        return (cost, limits) -> solve(set, elements, cost, limits);
    }

    private static Selection solve(
            Discrete set, List<double[]> elements, double[] cost, Limits limits) {
        double mark = cost.length == 0 ? 0 : cost[0];
        if (mark == THROW) {
            throw new IllegalStateException("secret inner life of an oracle");
        }
        if (mark == LIE) {
            return Selection.optimal(new double[cost.length], 0, 1);
        }
        if (mark == DENY || elements.isEmpty()) {
            return Selection.none(Status.INFEASIBLE, 0, "nothing there");
        }
        if (mark == SLEEP) {
            return sleep(limits);
        }
        return hasNegativeCycle(set, cost)
                ? Selection.none(Status.UNBOUNDED, 0, "a cycle of negative cost")
                : least(elements, cost);
    }

    /** There and back over an edge, or between cells, is a cycle. */
    private static boolean hasNegativeCycle(Discrete set, double[] cost) {
        boolean back =
                switch (set) {
                    case Discrete.GridShortestPath s -> s.height() * s.width() > 1;
                    case Discrete.ShortestPath s -> !s.directed();
                    default -> false;
                };
        for (double c : cost) {
            if (back && c < 0) {
                return true;
            }
        }
        return false;
    }

    public static Selection least(List<double[]> elements, double[] cost) {
        double[] best = elements.getFirst();
        double least = Double.POSITIVE_INFINITY;
        for (double[] x : elements) {
            double value = 0;
            for (int j = 0; j < x.length; j++) {
                value += cost[j] * x[j];
            }
            if (value < least) {
                least = value;
                best = x;
            }
        }
        return Selection.optimal(best, least, elements.size());
    }

    private static Selection sleep(Limits limits) {
        while (!limits.isOver()) {
            try {
                Thread.sleep(2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        return Selection.none(Status.TIME_LIMIT, 0, "slept");
    }
}
