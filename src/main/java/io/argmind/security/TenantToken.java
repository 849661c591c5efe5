package io.argmind.security;

import io.argmind.dispatch.Tenant;
import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** It is known who asks. What he knew to prove it is not kept. */
final class TenantToken extends AbstractAuthenticationToken {
    private static final long serialVersionUID = 1L;

    /** What a request needs to be let in. */
    static final String AUTHORITY = "tenant";

    private final transient Tenant tenant;

    TenantToken(Tenant tenant) {
        super(List.of(new SimpleGrantedAuthority(AUTHORITY)));
        this.tenant = tenant;
        setAuthenticated(true);
    }

    @Override
    public Tenant getPrincipal() {
        return tenant;
    }

    @Override
    public String getCredentials() {
        return "";
    }
}
