package io.argmind.security;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;

/**
 * What somebody hears who may not. The container's error page puts it into the form of all errors.
 */
final class SecurityRefusals
        implements AuthenticationEntryPoint, AuthenticationFailureHandler, AccessDeniedHandler {
    private static final String CHALLENGE = "Bearer realm=\"argmind\"";
    private static final String RETRY_AFTER_SECONDS = "5";

    private final MeterRegistry meters;
    private final String tenantClaim;

    SecurityRefusals(MeterRegistry meters, String tenantClaim) {
        this.meters = meters;
        this.tenantClaim = tenantClaim;
    }

    /** Nothing was sent that says who asks, or nothing of the right form. */
    @Override
    public void commence(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException {
        if (e instanceof OAuth2AuthenticationException) {
            onAuthenticationFailure(request, response, e);
        } else {
            count("missing");
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE);
            response.sendError(
                    HttpServletResponse.SC_UNAUTHORIZED,
                    "expected the header Authorization: Bearer <key or token>");
        }
    }

    /** What was sent is not good. */
    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException {
        if (e instanceof AuthenticationServiceException) {
            count("unavailable");
            response.setHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
            response.sendError(
                    HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                    "the keys of the identity provider cannot be had now, and this token cannot be checked without them");
            return;
        }
        count("refused");
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE + ", error=\"invalid_token\"");
        response.sendError(HttpServletResponse.SC_UNAUTHORIZED, reason(e));
    }

    /** Who asks is known, but is no tenant. */
    @Override
    public void handle(
            HttpServletRequest request, HttpServletResponse response, AccessDeniedException e)
            throws IOException {
        count("forbidden");
        response.setHeader(
                HttpHeaders.WWW_AUTHENTICATE, CHALLENGE + ", error=\"insufficient_scope\"");
        response.sendError(
                HttpServletResponse.SC_FORBIDDEN,
                "this token names no tenant: expected a text of 1 to 128 printable characters without spaces in its claim "
                        + tenantClaim);
    }

    /** Our own words, and what a token's claims lack; not what a library says of its insides. */
    private static String reason(AuthenticationException e) {
        Throwable cause = e.getCause();
        return switch (cause) {
            case JwtValidationException invalid ->
                    "this token is not valid here: "
                            + invalid.getErrors().iterator().next().getDescription();
            case null -> String.valueOf(e.getMessage());
            default -> "this token cannot be read, or its signature is not of the issuer's keys";
        };
    }

    private void count(String reason) {
        meters.counter("argmind.authentication.refused", "reason", reason).increment();
    }
}
