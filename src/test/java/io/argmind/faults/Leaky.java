package io.argmind.faults;

import io.argmind.Application;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The service with a leak, the control of {@code make soak}: each request leaves some memory
 * behind, in the heap and outside.
 */
public final class Leaky {
    private static final int HEAP_BYTES = 2 * 1024;
    private static final int NATIVE_BYTES = 8 * 1024;

    private Leaky() {}

    public static void main(String[] arguments) {
        SpringApplication application = new SpringApplication(Application.class);
        application.addInitializers(context ->
                ((GenericApplicationContext) context).registerBean("leak", Leak.class, Leak::new));
        application.run(arguments);
    }

    private static final class Leak extends OncePerRequestFilter {
        private final List<byte[]> kept = Collections.synchronizedList(new ArrayList<>());

        @Override
        protected void doFilterInternal(
                HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            kept.add(new byte[HEAP_BYTES]);
            Arena.global().allocate(NATIVE_BYTES).fill((byte) 1);
            chain.doFilter(request, response);
        }
    }
}
