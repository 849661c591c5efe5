package io.argmind.dispatch;

import io.argmind.lpgd.Solved;
import io.argmind.lpgd.linear.Noise;
import io.argmind.problem.Programs;
import io.argmind.problem.discrete.DiscretePrograms;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Solves that wait for their backward pass, bounded by bytes and age. Losing one costs the client a
 * resend. No tenant finds another's.
 */
public final class RetainedSolves {
    private final RecentlyUsed<Retained> solves;
    private final SecureRandom random = new SecureRandom();

    /** What a backward pass needs. */
    public sealed interface Retained {
        long bytes();
    }

    /**
     * A solve of programs.
     *
     * @param solved what was found, for each of them
     */
    public record Continuous(Programs programs, Solved solved) implements Retained {
        @Override
        public long bytes() {
            Programs p = programs;
            return p.bytes() + 8L * p.size() * (2L * p.n() + p.p() + 2L * p.m() + 32);
        }
    }

    /**
     * A solve of combinatorial problems.
     *
     * @param solutions [size], null where an instance has none
     * @param noise on the costs; null without
     */
    public record Combinatorial(
            DiscretePrograms programs, List<double @Nullable []> solutions, @Nullable Noise noise)
            implements Retained {
        @Override
        public long bytes() {
            return programs.bytes() + 8L * solutions.size() * (programs.n() + 8L);
        }
    }

    /**
     * A solve of programs with noise on their costs.
     *
     * @param solutions [size] the means over the samples, null where an instance has none
     * @param noise null where a client sent the solve again, without it
     */
    public record Noisy(
            Programs programs, List<double @Nullable []> solutions, @Nullable Noise noise)
            implements Retained {
        @Override
        public long bytes() {
            return programs.bytes() + 8L * solutions.size() * (programs.n() + 8L);
        }
    }

    public RetainedSolves(DispatchSettings settings, MeterRegistry meters) {
        this.solves =
                new RecentlyUsed<>(
                        "retained-solves",
                        settings.retainedBytes(),
                        settings.retainedAge(),
                        Retained::bytes,
                        meters);
    }

    /** Keeps a solve; the id is random, so that nobody can guess another client's. */
    String retain(Tenant tenant, Retained solve) {
        byte[] bits = new byte[18];
        random.nextBytes(bits);
        String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
        solves.put(tenant, id, solve);
        return id;
    }

    /**
     * A tenant's solve with this id, or null if it is not here (any more). Few are asked for twice.
     */
    public @Nullable Retained find(Tenant tenant, String id) {
        Retained solve = solves.get(tenant, id);
        solves.spend(tenant, id);
        return solve;
    }
}
