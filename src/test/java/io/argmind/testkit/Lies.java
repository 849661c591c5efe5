package io.argmind.testkit;

import io.argmind.problem.Program;
import io.argmind.solution.Certificate;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a back-end might say that is not so. */
public final class Lies {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final double NAN = Double.NaN;

    private Lies() {}

    /**
     * Claims of every kind, mostly lies; only a lie of a bound that fits would have to be believed.
     */
    public static List<Claim> about(Program q, Draw draw) {
        List<Claim> lies = new ArrayList<>();
        for (Status status : Status.values()) {
            lies.add(Claim.none(status, 1, "lie"));
            for (double[] x :
                    List.of(
                            new double[q.n()],
                            draw.gaussians(q.n()),
                            filled(q.n(), 1),
                            filled(q.n(), NAN),
                            filled(q.n(), INF))) {
                double[] y = draw.gaussians(q.p());
                double[] z = draw.gaussians(q.m());
                double[] none = filled(q.m(), NAN);
                for (Claim lie :
                        List.of(
                                Claim.point(status, x, y, z, draw.gaussians(q.n()), 1),
                                Claim.point(status, x, y, z, null, 1),
                                Claim.point(status, x, null, null, null, 1),
                                Claim.point(status, x, filled(q.p(), NAN), none, null, 1))) {
                    lies.add(lie);
                    lies.add(lie.withBound(-1e9));
                    lies.add(lie.withBound(1e9));
                    lies.add(lie.withBound(-INF));
                    lies.add(lie.withBound(INF));
                }
            }
            lies.add(Claim.certified(status, new Certificate.Ray(draw.gaussians(q.n())), 1));
            lies.add(Claim.certified(status, new Certificate.Ray(filled(q.n(), NAN)), 1));
            lies.add(
                    Claim.certified(
                            status,
                            new Certificate.Farkas(
                                    draw.gaussians(q.p()),
                                    draw.gaussians(q.m()),
                                    draw.gaussians(q.n())),
                            1));
        }
        return lies;
    }

    private static double[] filled(int n, double value) {
        double[] x = new double[n];
        Arrays.fill(x, value);
        return x;
    }
}
