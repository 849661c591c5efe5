package io.argmind.security;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may call, {@code argmind.security.*}.
 *
 * @param mode must be set: nobody opens a service to everybody by forgetting something
 * @param keysFile of mode api-key
 * @param jwt of mode jwt
 */
@ConfigurationProperties("argmind.security")
record SecurityProperties(@Nullable Mode mode, @Nullable Path keysFile, @DefaultValue Tokens jwt) {

    /** How it is found out who asks. */
    enum Mode {
        API_KEY,
        JWT,
        NONE
    }

    /**
     * Which tokens are taken.
     *
     * @param issuer what they have in {@code iss}
     * @param jwkSetUri where the issuer's public keys are
     * @param audience what they have in {@code aud}
     * @param tenantClaim which claim names the tenant
     */
    record Tokens(
            @Nullable String issuer,
            @Nullable String jwkSetUri,
            @Nullable String audience,
            @DefaultValue("sub") String tenantClaim) {}

    Mode requiredMode() {
        if (mode == null) {
            throw new UnsafeSettingException(
                    "It is not said who may call this service: argmind.security.mode is not set.",
                    "Set argmind.security.mode to api-key (and argmind.security.keys-file), to jwt, or to none if "
                            + "everybody who can reach its port may use it.");
        }
        return mode;
    }

    /** A setting that the mode needs. */
    static <T> T required(@Nullable T value, String name, String meaning) {
        if (value == null) {
            throw new UnsafeSettingException(
                    "argmind.security." + name + " is not set.", "Set it to " + meaning + ".");
        }
        return value;
    }
}
