package io.argmind.security;

import io.argmind.security.SecurityProperties.Mode;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;

/** Who must say who he is, and what browsers may do. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SecurityProperties.class)
class SecurityWiring {
    private static final Logger LOG = LoggerFactory.getLogger(SecurityWiring.class);

    /**
     * Pages may use what they come with, and the service; Swagger UI styles its elements itself.
     */
    private static final String CONTENT =
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
                    + "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** What asks for pages, probes and the contract, which are for everybody. */
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    private static final String SOLVERS = "/solvers";

    /** One timer for a request is enough; these would time every filter on its way. */
    @Bean
    static SecurityObservationSettings securityObservationSettings() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    SecurityFilterChain securityFilterChain(
            HttpSecurity http,
            SecurityProperties properties,
            @Value("${argmind.cors.origins:}") List<String> origins,
            MeterRegistry meters) {
        Mode mode = properties.requiredMode();
        http.csrf(
                        AbstractHttpConfigurer
                                ::disable) // nothing is known of a browser that it sends by itself
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .servletApi(AbstractHttpConfigurer::disable)
                .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .cors(cors -> cors.configurationSource(from(origins)))
                .headers(headers ->
                        headers.contentSecurityPolicy(csp -> csp.policyDirectives(CONTENT))
                                .referrerPolicy(r -> r.policy(ReferrerPolicy.NO_REFERRER)))
                .addFilterAfter(new TenantFilter(), AuthorizationFilter.class);
        if (mode == Mode.NONE) {
            LOG.warn(
                    "everybody who can reach this service may use it (argmind.security.mode=none)");
            return http.authorizeHttpRequests(all -> all.anyRequest().permitAll()).build();
        }
        SecurityRefusals refusals = new SecurityRefusals(meters, properties.jwt().tenantClaim());
        AuthenticationManager manager = new ProviderManager(check(mode, properties));
        return http.authorizeHttpRequests(all ->
                        all.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.ASYNC)
                                .permitAll()
                                .requestMatchers(SecurityWiring::isForTenants)
                                .hasAuthority(TenantToken.AUTHORITY)
                                .anyRequest()
                                .permitAll())
                .exceptionHandling(
                        e -> e.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
                .oauth2ResourceServer(server ->
                        server.authenticationManagerResolver(request -> manager)
                                .authenticationEntryPoint(refusals)
                                .accessDeniedHandler(refusals)
                                .withObjectPostProcessor(failing(refusals)))
                .build();
    }

    /** Everything but reading what is for everybody, also what there is not. */
    private static boolean isForTenants(HttpServletRequest request) {
        boolean reads = READING.contains(request.getMethod());
        boolean asks = !request.getMethod().equals("OPTIONS");
        return !reads || (asks && request.getServletPath().equals(SOLVERS));
    }

    private static AuthenticationProvider check(Mode mode, SecurityProperties properties) {
        return mode == Mode.JWT
                ? TokenCheck.of(properties.jwt())
                : new ApiKeyCheck(
                        new ApiKeys(
                                SecurityProperties.required(
                                        properties.keysFile(),
                                        "keys-file",
                                        "the file that has the keys' hashes")));
    }

    /** Otherwise a provider that cannot be reached would be an error of the service. */
    private static ObjectPostProcessor<BearerTokenAuthenticationFilter> failing(
            SecurityRefusals refusals) {
        return new ObjectPostProcessor<>() {
            @Override
            public <O extends BearerTokenAuthenticationFilter> O postProcess(O filter) {
                filter.setAuthenticationFailureHandler(refusals);
                return filter;
            }
        };
    }

    private static UrlBasedCorsConfigurationSource from(List<String> origins) {
        UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
        if (!origins.isEmpty()) {
            CorsConfiguration cors = new CorsConfiguration();
            cors.setAllowedOrigins(origins);
            cors.setAllowedMethods(List.of("GET", "POST", "PUT"));
            cors.setAllowedHeaders(List.of("*"));
            cors.setExposedHeaders(List.of("X-Request-Id", "Retry-After", "retry-after-ms"));
            source.registerCorsConfiguration("/**", cors);
        }
        return source;
    }

    /** Any method may be asked for: it is answered with those that there are. */
    @Bean
    HttpFirewall httpFirewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setUnsafeAllowAnyHttpMethod(true);
        return firewall;
    }
}
