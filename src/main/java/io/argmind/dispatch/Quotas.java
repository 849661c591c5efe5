package io.argmind.dispatch;

import java.util.Map;
import java.util.Objects;

/**
 * What each tenant may use.
 *
 * @param others of tenants that are not named
 * @param named of tenants by name
 */
public record Quotas(Quota others, Map<String, Quota> named) {
    /** How meters call the tenants that are not named: tags have few values. */
    private static final String OTHERS = "other";

    /** No limits, and equal shares. */
    public static final Quotas NONE = new Quotas(new Quota(0, 0, 1), Map.of());

    /**
     * Of one tenant.
     *
     * @param requests in flight; 0 for no limit
     * @param solverSeconds of solver threads in a minute; 0 for no limit
     * @param weight of its share of the solver threads, beside other tenants
     */
    public record Quota(int requests, double solverSeconds, double weight) {
        public Quota {
            if (requests < 0 || !(solverSeconds >= 0) || !(weight > 0)) {
                throw new IllegalArgumentException(
                        "expected requests >= 0, solver-seconds >= 0 and weight > 0, got "
                                + requests
                                + ", "
                                + solverSeconds
                                + " and "
                                + weight);
            }
        }
    }

    public Quota of(Tenant tenant) {
        return Objects.requireNonNull(named.getOrDefault(tenant.name(), others));
    }

    /** The tag of a tenant's meters. */
    String tag(Tenant tenant) {
        return named.containsKey(tenant.name()) ? tenant.name() : OTHERS;
    }
}
