package io.argmind.dispatch;

import io.argmind.problem.Field;
import io.argmind.problem.InvalidProblemException;
import io.argmind.problem.SentCone;
import io.argmind.problem.SentField;
import io.argmind.problem.SentProblem;
import io.argmind.problem.discrete.SentDiscrete;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Problems that clients refer to by the hash of their content, bounded by bytes and age. No tenant
 * sees another's, not even where both have registered the same.
 */
public final class RegisteredProblems {
    /** What is kept. */
    public sealed interface Registered {
        long bytes();
    }

    /** A program. */
    public record OfPrograms(SentProblem sent) implements Registered {
        @Override
        public long bytes() {
            return sent.bytes();
        }
    }

    /** A combinatorial problem. */
    public record OfDiscrete(SentDiscrete sent) implements Registered {
        @Override
        public long bytes() {
            return sent.bytes();
        }
    }

    private final RecentlyUsed<Registered> problems;

    public RegisteredProblems(DispatchSettings settings, MeterRegistry meters) {
        this.problems =
                new RecentlyUsed<>(
                        "registered-problems",
                        settings.registeredBytes(),
                        settings.registeredAge(),
                        Registered::bytes,
                        meters);
    }

    /** A tenant's own. */
    public Own of(Tenant tenant) {
        return new Own(tenant);
    }

    /** The problems of one tenant. */
    public final class Own {
        private final Tenant tenant;

        private Own(Tenant tenant) {
            this.tenant = tenant;
        }

        /**
         * Keeps a problem; the same content has the same id on every replica.
         *
         * @throws InvalidProblemException if it is larger than all that may be kept
         */
        public String register(Registered problem) {
            if (!problems.fits(problem)) {
                throw new InvalidProblemException(
                        "",
                        "takes "
                                + problem.bytes()
                                + " bytes, more than are kept here for all registered problems; send it with each request instead");
            }
            String id =
                    switch (problem) {
                        case OfPrograms p -> id(p.sent());
                        case OfDiscrete d -> id(d.sent());
                    };
            problems.put(tenant, id, problem);
            return id;
        }

        /**
         * The problem with this id.
         *
         * @throws NotKeptException if it is not here
         */
        public Registered get(String id) {
            Registered problem = problems.get(tenant, id);
            if (problem == null) {
                throw new NotKeptException(
                        NotKeptException.Kind.PROBLEM,
                        "no problem is registered under this id (any more); register it again with PUT /problems and retry");
            }
            return problem;
        }

        /** The problem with this id, or null if it is not here. */
        public @Nullable Registered find(String id) {
            return problems.get(tenant, id);
        }
    }

    private static String id(SentProblem problem) {
        MessageDigest digest = sha256();
        digest.update((byte) (problem.singlePrecision() ? 4 : 8));
        for (Field field : Field.values()) {
            SentField sent = problem.fields().get(field);
            if (sent != null) {
                digest.update(field.key().getBytes(StandardCharsets.US_ASCII));
                update(digest, sent);
            }
        }
        if (problem.integers() != null) {
            digest.update("integers".getBytes(StandardCharsets.US_ASCII));
            update(digest, problem.integers());
        }
        if (problem.cones() != null) {
            update(digest, problem.cones());
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 16);
    }

    private static String id(SentDiscrete problem) {
        MessageDigest digest = sha256();
        digest.update((byte) (problem.singlePrecision() ? 4 : 8));
        digest.update(problem.kind().key().getBytes(StandardCharsets.US_ASCII));
        problem.arrays()
                .forEach((name, array) -> {
                    digest.update(name.getBytes(StandardCharsets.US_ASCII));
                    update(digest, array);
                });
        if (problem.directed() != null) {
            digest.update((byte) (problem.directed() ? 1 : 0));
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 16);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void update(MessageDigest digest, SentField sent) {
        switch (sent) {
            case SentField.Array a -> update(digest, a);
            case SentField.Coordinates s -> {
                update(digest, new int[] {s.rows(), s.cols(), s.upperTriangle() ? 1 : 0});
                update(digest, s.rowIndex());
                update(digest, s.colIndex());
                update(digest, s.values());
            }
        }
    }

    private static void update(MessageDigest digest, SentField.Array a) {
        update(digest, a.shape());
        ByteBuffer block = ByteBuffer.allocate(8 * 1024);
        for (int k = 0; k < a.values().length; k += 1024) {
            int count = Math.min(1024, a.values().length - k);
            block.clear();
            block.asDoubleBuffer().put(a.values(), k, count);
            digest.update(block.limit(8 * count));
        }
    }

    private static void update(MessageDigest digest, List<SentCone> cones) {
        digest.update("cones".getBytes(StandardCharsets.US_ASCII));
        for (SentCone cone : cones) {
            digest.update(cone.kind().key().getBytes(StandardCharsets.US_ASCII));
            ByteBuffer block = ByteBuffer.allocate(4 + 8 + 4);
            block.putInt(cone.size()).putDouble(cone.alpha()).putInt(cone.count());
            digest.update(block.flip());
        }
    }

    private static void update(MessageDigest digest, int[] values) {
        ByteBuffer block = ByteBuffer.allocate(4 + 4 * values.length);
        block.putInt(values.length);
        for (int v : values) {
            block.putInt(v);
        }
        digest.update(block.flip());
    }
}
