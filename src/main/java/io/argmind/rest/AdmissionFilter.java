package io.argmind.rest;

import io.argmind.dispatch.Admission;
import io.argmind.dispatch.DispatchSettings;
import io.argmind.dispatch.OverloadedException;
import io.argmind.problem.FieldError;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Before a body is read: gives the request its id and deadline, and reserves its place and bytes or
 * turns it away. Probes, metrics and documentation pass by.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class AdmissionFilter extends OncePerRequestFilter {
    /** The request attribute with the deadline, a value of {@link System#nanoTime()}. */
    static final String DEADLINE = "argmind.deadline";

    private static final String TIMEOUT_HEADER = "X-Server-Timeout";
    private static final String ID_HEADER = "X-Request-Id";
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Set<String> GUARDED = Set.of("/solve", "/lpgd-backward", "/problems");

    private final Admission admission;
    private final DispatchSettings settings;

    AdmissionFilter(Admission admission, DispatchSettings settings) {
        this.admission = admission;
        this.settings = settings;
    }

    /** Answers are written in such a dispatch, and what goes wrong is logged there. */
    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (isAsyncDispatch(request)) {
            MDC.put("requestId", String.valueOf(request.getAttribute(ID_HEADER)));
            try {
                chain.doFilter(request, response);
            } finally {
                MDC.remove("requestId");
            }
            return;
        }
        String sent = request.getHeader(ID_HEADER);
        String id =
                sent != null && ID.matcher(sent).matches() ? sent : UUID.randomUUID().toString();
        response.setHeader(ID_HEADER, id);
        request.setAttribute(ID_HEADER, id);
        if (admission.isLeaving()) {
            response.setHeader("Connection", "close");
        }
        MDC.put("requestId", id);
        try {
            if (GUARDED.contains(request.getServletPath())
                    && !request.getMethod().equals("OPTIONS")) {
                admit(request, response, chain);
            } else {
                chain.doFilter(request, response);
            }
        } finally {
            MDC.remove("requestId");
        }
    }

    private void admit(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Double timeout = timeout(request.getHeader(TIMEOUT_HEADER));
        if (timeout == null) {
            String detail =
                    "header "
                            + TIMEOUT_HEADER
                            + ": expected seconds > 0 as a decimal number, got '"
                            + request.getHeader(TIMEOUT_HEADER)
                            + "'";
            Problems.write(
                    response,
                    ErrorCode.MALFORMED_REQUEST,
                    detail,
                    List.of(new FieldError("", detail)));
            return;
        }
        if (request.getHeader("Content-Encoding") != null) {
            Problems.write(
                    response,
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "compressed bodies are not read, got Content-Encoding: "
                            + request.getHeader("Content-Encoding"),
                    List.of());
            return;
        }
        long length = request.getContentLengthLong();
        if (length > settings.maxBodyBytes()) {
            Problems.write(
                    response,
                    ErrorCode.TOO_LARGE,
                    String.valueOf(new BodyTooLargeException(settings.maxBodyBytes()).getMessage()),
                    List.of());
            return;
        }
        request.setAttribute(DEADLINE, System.nanoTime() + (long) (1e9 * timeout));
        Admission.Ticket ticket;
        try {
            ticket =
                    admission.admit(
                            request.getRemoteAddr(),
                            length >= 0 ? length : settings.maxBodyBytes(),
                            timeout);
        } catch (OverloadedException e) {
            Problems.write(response, e);
            return;
        }
        try {
            chain.doFilter(request, response);
        } finally {
            if (request.isAsyncStarted()) {
                request.getAsyncContext().addListener(new AtTheEnd(ticket));
            } else {
                ticket.close();
            }
        }
    }

    /** Gives a place back when the answer has been sent, or nobody wants it any more. */
    private record AtTheEnd(Admission.Ticket ticket) implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {
            ticket.close();
        }

        @Override
        public void onError(AsyncEvent event) {
            ticket.abandon();
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            // there is none: deadlines are kept elsewhere
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this);
        }
    }

    /** Seconds from the client, cut to what the service allows; null if they are no number. */
    private @Nullable Double timeout(@Nullable String header) {
        if (header == null) {
            return 1e-9 * settings.defaultDeadline().toNanos();
        }
        try {
            double seconds = Double.parseDouble(header);
            return seconds > 0 ? Math.min(seconds, 1e-9 * settings.maxDeadline().toNanos()) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
