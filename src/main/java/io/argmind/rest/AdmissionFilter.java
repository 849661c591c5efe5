package io.argmind.rest;

import io.argmind.dispatch.Admission;
import io.argmind.dispatch.DispatchSettings;
import io.argmind.dispatch.OverloadedException;
import io.argmind.dispatch.ServiceMeters;
import io.argmind.dispatch.ServiceMeters.Outcome;
import io.argmind.dispatch.Tenant;
import io.argmind.problem.FieldError;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterProperties;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Before a body is read, and after it is known who asks: gives the request its deadline, and
 * reserves its place and bytes or turns it away. Probes, metrics and documentation pass by.
 */
@Component
@Order(AdmissionFilter.AFTER_SECURITY)
final class AdmissionFilter extends OncePerRequestFilter {
    /** The request attribute with the deadline, a value of {@link System#nanoTime()}. */
    static final String DEADLINE = "argmind.deadline";

    /** The request attribute with the {@link Admission.Ticket}, from which it may take memory. */
    static final String TICKET = "argmind.ticket";

    /** The request attribute that is there if the client went away before all was sent. */
    static final String GONE = "argmind.gone";

    static final int AFTER_SECURITY = SecurityFilterProperties.DEFAULT_FILTER_ORDER + 10;

    /**
     * A body in JSON and its numbers: 16 digits are 18 bytes, and 32 more while they are collected.
     */
    private static final long JSON_FACTOR = 3;

    private static final String TIMEOUT_HEADER = "X-Server-Timeout";
    private static final Set<String> GUARDED = Set.of("/solve", "/lpgd-backward", "/problems");

    private final Admission admission;
    private final DispatchSettings settings;
    private final ServiceMeters meters;

    AdmissionFilter(Admission admission, DispatchSettings settings, ServiceMeters meters) {
        this.admission = admission;
        this.settings = settings;
        this.meters = meters;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (admission.isLeaving()) {
            response.setHeader("Connection", "close");
        }
        if (GUARDED.contains(request.getServletPath()) && !request.getMethod().equals("OPTIONS")) {
            account(request, response, chain);
        } else {
            chain.doFilter(request, response);
        }
    }

    /** Counts what comes, and what becomes of it. */
    private void account(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String endpoint = request.getServletPath().substring(1);
        meters.received(endpoint);
        Outcome failure = Outcome.FAILED;
        try {
            admit(request, response, chain);
            failure = null;
        } catch (IOException e) {
            failure = Outcome.CANCELLED;
            throw e;
        } finally {
            Outcome outcome = failure;
            atTheEnd(
                    request,
                    () ->
                            meters.ended(
                                            endpoint,
                                            outcome == null
                                                    ? outcome(request, response.getStatus())
                                                    : outcome)
                                    .increment());
        }
    }

    private static Outcome outcome(HttpServletRequest request, int status) {
        if (request.getAttribute(GONE) != null) {
            return Outcome.CANCELLED;
        }
        boolean failed = status >= 500 && status != 503 && status != 504;
        return status < 300 ? Outcome.ANSWERED : failed ? Outcome.FAILED : Outcome.REFUSED;
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
        Tenant tenant = (Tenant) Objects.requireNonNull(request.getAttribute(Tenant.ATTRIBUTE));
        Admission.Ticket ticket;
        try {
            ticket =
                    admission.admit(
                            tenant,
                            request.getRemoteAddr(),
                            expectedBytes(request.getContentType(), length),
                            timeout);
        } catch (OverloadedException e) {
            Problems.write(response, e);
            return;
        }
        request.setAttribute(TICKET, ticket);
        try {
            chain.doFilter(request, response);
        } finally {
            atTheEnd(request, ticket::close);
        }
    }

    /**
     * What a body usually takes until it has been read. In CBOR most numbers are as long as on the
     * heap, and what has been decoded is not kept; a body of unknown length is put together first.
     * No guess asks for more than half of all there is: then large bodies would only get in alone.
     */
    private long expectedBytes(@Nullable String contentType, long length) {
        boolean cbor =
                contentType != null && contentType.startsWith(MediaType.APPLICATION_CBOR_VALUE);
        long factor = (cbor ? 1L : JSON_FACTOR) + (length < 0 ? 1 : 0);
        long bytes = length < 0 ? settings.maxBodyBytes() : length;
        return Math.min(factor * bytes, Math.max(bytes, settings.maxBytesInFlight() / 2));
    }

    /** Does it now, or when the answer has been sent or nobody wants it any more. */
    private static void atTheEnd(HttpServletRequest request, Runnable action) {
        if (request.isAsyncStarted()) {
            request.getAsyncContext().addListener(new AtTheEnd(request, action));
        } else {
            action.run();
        }
    }

    private record AtTheEnd(HttpServletRequest request, Runnable action) implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {
            action.run();
        }

        @Override
        public void onError(AsyncEvent event) {
            if (event.getThrowable() instanceof IOException) {
                request.setAttribute(GONE, true);
            }
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
