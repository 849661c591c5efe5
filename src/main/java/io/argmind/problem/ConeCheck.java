package io.argmind.problem;

import java.util.ArrayList;
import java.util.List;

/** Finds cones that are none, or that do not fit the rows and the values they stand on. */
final class ConeCheck {
    private final List<SentCone> sent;
    private final String pointer;
    private final ErrorList errors;

    /**
     * @param pointer where the problem stands in the request
     */
    ConeCheck(SentProblem problem, String pointer, ErrorList errors) {
        this.sent = problem.cones() == null ? List.of() : problem.cones();
        this.pointer = pointer;
        this.errors = errors;
    }

    /** Reports entries that are wrong whatever the rest of the problem is; says whether none is. */
    boolean checkEntries() {
        int known = errors.size();
        for (int k = 0; k < sent.size(); k++) {
            SentCone cone = sent.get(k);
            String at = pointer + "/cones/" + k;
            int least = cone.kind() == SentCone.Kind.NONNEGATIVE ? 0 : 1;
            String name = cone.kind() == SentCone.Kind.PSD ? "side" : "dim";
            if (cone.size() < least) {
                errors.add(at + "/" + name, "expected at least " + least + ", got " + cone.size());
            } else if (cone.kind() == SentCone.Kind.PSD && cone.size() > Cone.Psd.MAX_SIDE) {
                errors.add(
                        at + "/side",
                        "expected at most " + Cone.Psd.MAX_SIDE + ", got " + cone.size());
            }
            if (cone.kind() == SentCone.Kind.POWER && !(cone.alpha() > 0 && cone.alpha() < 1)) {
                errors.add(at + "/alpha", "expected a number in (0, 1), got " + cone.alpha());
            }
            if (cone.count() < 1) {
                errors.add(at + "/count", "expected at least 1, got " + cone.count());
            }
        }
        return errors.size() == known;
    }

    /**
     * The cones one by one, after reporting whether they do not partition the rows. Where none was
     * sent, and where no row says how many there are (an empty batch), the list is empty.
     *
     * @param m the rows of G and h
     * @param emptyBatch whether there is no instance
     */
    List<Cone> partition(int m, boolean emptyBatch) {
        if (sent.isEmpty() || (emptyBatch && m == 0)) {
            return List.of();
        }
        double rows = 0; // counts may be too large for any integer
        for (SentCone cone : sent) {
            rows += cone.rows();
        }
        if (rows != m) {
            errors.add(
                    pointer + "/cones",
                    String.format(
                            "expected cones for the %d rows of G and h, got %.0f rows", m, rows));
            return List.of();
        }
        List<Cone> cones = new ArrayList<>();
        for (SentCone cone : sent) {
            for (int k = 0; k < cone.count(); k++) {
                cones.add(cone.cone());
            }
        }
        return cones;
    }

    /** Reports rows of cones other than the nonnegative one that are said not to bind. */
    void checkRightHandSides(Programs programs) {
        for (int b = 0; b < programs.size() && programs.isConic(); b++) {
            double[] h = programs.h().of(b);
            int row = 0;
            for (Cone cone : programs.cones()) {
                int end = row + cone.dim();
                for (; row < end; row++) {
                    if (!(cone instanceof Cone.Nonnegative) && Double.isInfinite(h[row])) {
                        String instance = programs.h().batched() ? "/" + b : "";
                        errors.add(
                                pointer + "/h" + instance + "/" + row,
                                "expected a finite number, got Infinity: only rows of the nonnegative cone can be without effect");
                        return;
                    }
                }
            }
        }
    }

    /** Reports integer variables in a program with other cones than the nonnegative one. */
    void checkIntegers(int[] integers) {
        boolean linear = sent.stream().allMatch(c -> c.kind() == SentCone.Kind.NONNEGATIVE);
        if (integers.length > 0 && !linear) {
            errors.add(
                    pointer + "/integers",
                    "integer variables are supported with nonnegative cones only, got other cones too");
        }
    }
}
