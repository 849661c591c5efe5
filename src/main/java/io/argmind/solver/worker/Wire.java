package io.argmind.solver.worker;

import io.argmind.solution.Certificate;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.Selection;
import io.argmind.solver.WarmStart;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The small records of the contract as bytes. Doubles cross with every bit. */
final class Wire {
    /** Begins every message. */
    static final int MARK = 0x41524731;

    /** Ends every answer. */
    static final int END = 0x454e4431;

    private static final int NO_CERTIFICATE = 0;
    private static final int FARKAS = 1;
    private static final int RAY = 2;

    private Wire() {}

    /** Deadlines cross as what is left, since clocks of processes need not agree. */
    static void write(WireOutput out, Limits limits) throws IOException {
        out.writeDouble(limits.tolerance());
        out.writeInt(limits.maxIterations());
        out.writeLong(limits.deadlineNanos() - System.nanoTime());
    }

    static Limits readLimits(WireInput in) throws IOException {
        return new Limits(in.readDouble(), in.readInt(), System.nanoTime() + in.readLong());
    }

    static void write(WireOutput out, @Nullable WarmStart warm) throws IOException {
        out.writeBoolean(warm != null);
        if (warm != null) {
            out.writeDoubles(warm.x());
            writeOrNull(out, warm.y());
            writeOrNull(out, warm.z());
            writeOrNull(out, warm.zBox());
        }
    }

    private static void writeOrNull(WireOutput out, double @Nullable [] values) throws IOException {
        out.writeBoolean(values != null);
        if (values != null) {
            out.writeDoubles(values);
        }
    }

    static @Nullable WarmStart readWarmStart(WireInput in) throws IOException {
        return in.readBoolean()
                ? new WarmStart(in.readDoubles(), readOrNull(in), readOrNull(in), readOrNull(in))
                : null;
    }

    private static double @Nullable [] readOrNull(WireInput in) throws IOException {
        return in.readBoolean() ? in.readDoubles() : null;
    }

    static void write(WireOutput out, Claim claim) throws IOException {
        out.writeEnum(claim.status());
        out.writeDoubles(claim.x());
        out.writeDoubles(claim.y());
        out.writeDoubles(claim.z());
        out.writeDoubles(claim.zBox());
        switch (claim.certificate()) {
            case null -> out.writeInt(NO_CERTIFICATE);
            case Certificate.Farkas farkas -> {
                out.writeInt(FARKAS);
                out.writeDoubles(farkas.y());
                out.writeDoubles(farkas.z());
                out.writeDoubles(farkas.zBox());
            }
            case Certificate.Ray ray -> {
                out.writeInt(RAY);
                out.writeDoubles(ray.d());
            }
        }
        out.writeDouble(claim.bound());
        out.writeLong(claim.iterations());
        out.writeText(claim.detail());
    }

    /** A claim about a program of n variables, p equalities and m inequalities. */
    static Claim readClaim(WireInput in, int n, int p, int m) throws IOException {
        return new Claim(
                in.readEnum(Status.class),
                in.readDoublesOrNull(n),
                in.readDoublesOrNull(p),
                in.readDoublesOrNull(m),
                in.readDoublesOrNull(n),
                readCertificate(in, n, p, m),
                in.readDouble(),
                in.readLong(),
                in.readText());
    }

    private static @Nullable Certificate readCertificate(WireInput in, int n, int p, int m)
            throws IOException {
        return switch (in.readInt(NO_CERTIFICATE, RAY)) {
            case NO_CERTIFICATE -> null;
            case FARKAS ->
                    new Certificate.Farkas(in.readDoubles(p), in.readDoubles(m), in.readDoubles(n));
            default -> new Certificate.Ray(in.readDoubles(n));
        };
    }

    static void write(WireOutput out, Selection selection) throws IOException {
        out.writeEnum(selection.status());
        out.writeDoubles(selection.x());
        out.writeDouble(selection.bound());
        out.writeLong(selection.iterations());
        out.writeText(selection.detail());
    }

    /** What an oracle says about so many costs. */
    static Selection readSelection(WireInput in, int costs) throws IOException {
        return new Selection(
                in.readEnum(Status.class),
                in.readDoublesOrNull(costs),
                in.readDouble(),
                in.readLong(),
                in.readText());
    }
}
