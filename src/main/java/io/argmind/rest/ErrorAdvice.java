package io.argmind.rest;

import io.argmind.dispatch.CancelledException;
import io.argmind.dispatch.DeadlineExceededException;
import io.argmind.dispatch.NotKeptException;
import io.argmind.dispatch.OverloadedException;
import io.argmind.dispatch.TooLargeException;
import io.argmind.problem.FieldError;
import io.argmind.problem.InvalidProblemException;
import io.argmind.tensor.MalformedDocumentException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/**
 * Turns every exception into a problem detail; nothing of ours or of a library's inner life gets
 * out.
 */
@RestControllerAdvice
final class ErrorAdvice {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorAdvice.class);

    @ExceptionHandler
    void malformed(MalformedDocumentException e, HttpServletResponse response) throws IOException {
        write(
                response,
                ErrorCode.MALFORMED_REQUEST,
                List.of(new FieldError(e.pointer(), e.detail())));
    }

    @ExceptionHandler
    void malformed(MalformedRequestException e, HttpServletResponse response) throws IOException {
        write(response, ErrorCode.MALFORMED_REQUEST, e.errors());
    }

    @ExceptionHandler
    void invalid(InvalidProblemException e, HttpServletResponse response) throws IOException {
        write(response, ErrorCode.INVALID_PROBLEM, e.errors());
    }

    /** There is no body, or the client stopped sending it. */
    @ExceptionHandler
    void unreadable(
            HttpMessageNotReadableException e,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        if (e.getCause() != null) {
            request.setAttribute(AdmissionFilter.GONE, true);
        }
        String detail =
                e.getCause() == null
                        ? "the body is empty"
                        : "the body could not be read to its end";
        write(response, ErrorCode.MALFORMED_REQUEST, List.of(new FieldError("", detail)));
    }

    private static void write(HttpServletResponse response, ErrorCode code, List<FieldError> errors)
            throws IOException {
        FieldError first = errors.getFirst();
        String more =
                errors.size() == 1 ? "" : " (and " + (errors.size() - 1) + " more, see errors)";
        String where = first.pointer().isEmpty() ? "" : first.pointer() + ": ";
        Problems.write(response, code, where + first.detail() + more, errors);
    }

    @ExceptionHandler
    void notKept(NotKeptException e, HttpServletResponse response) throws IOException {
        ErrorCode code =
                switch (e.kind()) {
                    case PROBLEM -> ErrorCode.PROBLEM_NOT_REGISTERED;
                    case SOLVE -> ErrorCode.SOLVE_NOT_RETAINED;
                };
        Problems.write(response, code, message(e), List.of());
    }

    @ExceptionHandler
    void overloaded(OverloadedException e, HttpServletResponse response) throws IOException {
        Problems.write(response, e);
    }

    @ExceptionHandler
    void late(DeadlineExceededException e, HttpServletResponse response) throws IOException {
        Problems.write(response, ErrorCode.DEADLINE_EXCEEDED, message(e), List.of());
    }

    @ExceptionHandler
    void damaged(DamagedBodyException e, HttpServletResponse response) throws IOException {
        Problems.write(response, ErrorCode.DAMAGED_BODY, message(e), List.of());
    }

    @ExceptionHandler
    void tooLarge(BodyTooLargeException e, HttpServletResponse response) throws IOException {
        Problems.write(response, ErrorCode.TOO_LARGE, message(e), List.of());
    }

    @ExceptionHandler
    void tooLarge(TooLargeException e, HttpServletResponse response) throws IOException {
        Problems.write(response, ErrorCode.TOO_LARGE, message(e), List.of());
    }

    @ExceptionHandler
    void unsupported(HttpMediaTypeNotSupportedException e, HttpServletResponse response)
            throws IOException {
        String detail = "expected application/json or application/cbor, got " + e.getContentType();
        Problems.write(response, ErrorCode.UNSUPPORTED_MEDIA_TYPE, detail, List.of());
    }

    @ExceptionHandler
    void notAcceptable(HttpMediaTypeNotAcceptableException e, HttpServletResponse response)
            throws IOException {
        String detail = "this answer comes as application/json or application/cbor";
        Problems.write(response, ErrorCode.NOT_ACCEPTABLE, detail, List.of());
    }

    @ExceptionHandler
    void method(
            HttpRequestMethodNotSupportedException e,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        String allowed =
                String.join(
                        ", ", Objects.requireNonNullElse(e.getSupportedMethods(), new String[0]));
        response.setHeader("Allow", allowed);
        Problems.write(
                response,
                ErrorCode.METHOD_NOT_ALLOWED,
                request.getRequestURI() + " takes " + allowed,
                List.of());
    }

    @ExceptionHandler
    void notFound(
            NoResourceFoundException e, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        notFound(request, response);
    }

    /** Without any pages there is no handler for unknown paths either. */
    @ExceptionHandler
    void notFound(
            NoHandlerFoundException e, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        notFound(request, response);
    }

    private static void notFound(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Problems.write(
                response,
                ErrorCode.NOT_FOUND,
                "nothing at " + request.getRequestURI() + "; see /openapi.yaml",
                List.of());
    }

    /** The client went away before it had all of its answer, which is its right. */
    @ExceptionHandler
    void gone(IOException e, HttpServletRequest request) {
        request.setAttribute(AdmissionFilter.GONE, true);
        LOG.debug("the client went away", e);
    }

    /** Nobody is there to be told. */
    @ExceptionHandler
    void cancelled(CancelledException e, HttpServletRequest request) {
        request.setAttribute(AdmissionFilter.GONE, true);
        LOG.debug("the client went away before its answer was ready");
    }

    @ExceptionHandler
    void unexpected(Exception e, HttpServletResponse response) throws IOException {
        LOG.error("a request failed unexpectedly", e);
        if (!response.isCommitted()) {
            Problems.write(
                    response,
                    ErrorCode.INTERNAL_ERROR,
                    "the error has been logged under this request's X-Request-Id",
                    List.of());
        }
    }

    private static String message(Exception e) {
        return Objects.requireNonNullElse(e.getMessage(), "");
    }
}
