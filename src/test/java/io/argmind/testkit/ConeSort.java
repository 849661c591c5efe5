package io.argmind.testkit;

import io.argmind.problem.Cone;
import java.util.ArrayList;
import java.util.List;

/** The sorts of cones that every conic back-end must get right, alone and mixed. */
public enum ConeSort {
    SECOND_ORDER,
    PSD,
    EXPONENTIAL,
    POWER,
    /** One or two of everything, with nonnegative rows between them. */
    MIXED;

    /** Cones of this sort, by chance. */
    public List<Cone> cones(Draw draw) {
        List<Cone> cones = new ArrayList<>();
        for (int k = draw.integer(1, 2); k > 0; k--) {
            switch (this) {
                case SECOND_ORDER -> cones.add(new Cone.SecondOrder(draw.integer(2, 6)));
                case PSD -> cones.add(new Cone.Psd(draw.integer(2, 4)));
                case EXPONENTIAL -> cones.add(new Cone.Exponential());
                case POWER -> cones.add(new Cone.Power(0.2 + 0.1 * draw.integer(0, 6)));
                case MIXED -> {
                    cones.add(new Cone.SecondOrder(draw.integer(1, 4)));
                    cones.add(new Cone.Nonnegative(draw.integer(0, 2)));
                    cones.add(new Cone.Psd(draw.integer(1, 3)));
                    cones.add(new Cone.Exponential());
                    cones.add(new Cone.Power(0.3));
                }
            }
        }
        return cones;
    }
}
