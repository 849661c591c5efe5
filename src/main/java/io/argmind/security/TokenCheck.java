package io.argmind.security;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import io.argmind.dispatch.Tenant;
import io.argmind.security.SecurityProperties.Tokens;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtAudienceValidator;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/**
 * Finds out who asks by a token that an identity provider has signed. Its keys are fetched when
 * they are first needed and every few minutes; while it cannot be reached the last ones stay.
 */
final class TokenCheck {
    private static final Duration FRESH = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration OUTAGE = Duration.ofHours(24);

    private TokenCheck() {}

    static JwtAuthenticationProvider of(Tokens settings) {
        String issuer =
                SecurityProperties.required(
                        settings.issuer(), "jwt.issuer", "what tokens have in the claim iss");
        String audience =
                SecurityProperties.required(
                        settings.audience(),
                        "jwt.audience",
                        "what tokens for this service have in the claim aud");
        String uri =
                SecurityProperties.required(
                        settings.jwkSetUri(),
                        "jwt.jwk-set-uri",
                        "where the issuer's public keys are, jwks_uri of its configuration");
        NimbusJwtDecoder decoder =
                NimbusJwtDecoder.withJwkSource(keys(uri))
                        .jwsAlgorithms(all -> all.addAll(Set.of(SignatureAlgorithm.values())))
                        .build();
        List<OAuth2TokenValidator<Jwt>> checks = new ArrayList<>();
        checks.add(JwtValidators.createDefaultWithIssuer(issuer));
        checks.add(new JwtAudienceValidator(audience));
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(checks));
        JwtAuthenticationProvider provider = new JwtAuthenticationProvider(decoder);
        provider.setJwtAuthenticationConverter(jwt -> tenant(jwt, settings.tenantClaim()));
        return provider;
    }

    private static JWKSource<SecurityContext> keys(String uri) {
        try {
            URL url = URI.create(uri).toURL();
            return JWKSourceBuilder.<SecurityContext>create(url)
                    .cache(FRESH.toMillis(), PATIENCE.toMillis())
                    .retrying(true)
                    .outageTolerant(OUTAGE.toMillis())
                    .build();
        } catch (IllegalArgumentException | MalformedURLException e) {
            throw new UnsafeSettingException(
                    "argmind.security.jwt.jwk-set-uri is no URL: " + uri,
                    "Set it to where the issuer's public keys are.");
        }
    }

    /** Who has a good token that names no tenant is known, but may do nothing. */
    private static AbstractAuthenticationToken tenant(Jwt jwt, String claim) {
        Object name = jwt.getClaims().get(claim);
        return name instanceof String text && Tenant.isName(text)
                ? new TenantToken(new Tenant(text))
                : new JwtAuthenticationToken(jwt, List.of());
    }
}
