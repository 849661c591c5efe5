package io.argmind.security;

import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

/** Finds out who asks by his key. */
final class ApiKeyCheck implements AuthenticationProvider {
    private final ApiKeys keys;

    ApiKeyCheck(ApiKeys keys) {
        this.keys = keys;
    }

    @Override
    public Authentication authenticate(Authentication sent) {
        String key = ((BearerTokenAuthenticationToken) sent).getToken();
        return switch (keys.find(key)) {
            case ApiKeys.Found.Of(var tenant) -> new TenantToken(tenant);
            case ApiKeys.Found.Expired(var at) ->
                    throw new InvalidBearerTokenException("this key has expired, at " + at);
            case ApiKeys.Found.Unknown() ->
                    throw new InvalidBearerTokenException("this key is not known here");
        };
    }

    @Override
    public boolean supports(Class<?> type) {
        return BearerTokenAuthenticationToken.class.isAssignableFrom(type);
    }
}
