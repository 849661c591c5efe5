package io.argmind.security;

import io.argmind.dispatch.Tenant;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.MDC;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Hands on who asks, at the end of the security filters, which have let the request pass. */
final class TenantFilter extends OncePerRequestFilter {
    private static final String LOGGED = "tenant";

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Tenant tenant =
                SecurityContextHolder.getContext().getAuthentication() instanceof TenantToken token
                        ? token.getPrincipal()
                        : Tenant.ANYONE;
        request.setAttribute(Tenant.ATTRIBUTE, tenant);
        MDC.put(LOGGED, tenant.name());
        try {
            chain.doFilter(request, response);
        } finally {
            MDC.remove(LOGGED);
        }
    }
}
