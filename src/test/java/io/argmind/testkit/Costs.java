package io.argmind.testkit;

/** Sorts of random costs. */
public enum Costs {
    GAUSSIAN,
    NONNEGATIVE,
    /** Few different integers: many ties. */
    INTEGER,
    NONNEGATIVE_INTEGER,
    /** Integers that are a relative 1e-9 apart instead of equal. */
    NEAR_TIES,
    TINY,
    HUGE,
    /** From 1e-8 to 1e8. */
    MIXED,
    /** Mostly moderate, some forbiddingly large. */
    FORBIDDING,
    ZERO;

    public double[] draw(Draw draw, int n) {
        double[] c = new double[n];
        for (int i = 0; i < n; i++) {
            c[i] = one(draw);
        }
        return c;
    }

    private double one(Draw draw) {
        return switch (this) {
            case GAUSSIAN -> draw.gaussian();
            case NONNEGATIVE -> Math.abs(draw.gaussian());
            case INTEGER -> draw.integer(-2, 4);
            case NONNEGATIVE_INTEGER -> draw.integer(0, 3);
            case NEAR_TIES -> draw.integer(1, 3) * (1 + 1e-9 * draw.gaussian());
            case TINY -> 1e-8 * draw.gaussian();
            case HUGE -> 1e8 * draw.gaussian();
            case MIXED ->
                    (draw.chance(0.2) ? -1 : 1)
                            * Math.pow(10, draw.integer(-8, 7) + draw.gaussian());
            case FORBIDDING -> draw.chance(0.2) ? 1e9 : Math.abs(draw.gaussian());
            case ZERO -> 0;
        };
    }
}
