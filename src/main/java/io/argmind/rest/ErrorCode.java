package io.argmind.rest;

import java.util.Locale;
import org.springframework.http.HttpStatus;

/**
 * Every error of the service: its problem type, HTTP status and title. The Python client has the
 * same names.
 */
enum ErrorCode {
    MALFORMED_REQUEST(HttpStatus.BAD_REQUEST, "The request is not of the contract's form"),
    DAMAGED_BODY(HttpStatus.BAD_REQUEST, "The body was damaged on its way"),
    UNAUTHENTICATED(HttpStatus.UNAUTHORIZED, "Who asks is not known"),
    FORBIDDEN(HttpStatus.FORBIDDEN, "Who asks may not do this"),
    NOT_FOUND(HttpStatus.NOT_FOUND, "There is nothing at this path"),
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "This path does not take this method"),
    NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "None of the accepted media types is offered"),
    PROBLEM_NOT_REGISTERED(HttpStatus.GONE, "The base problem is not registered here"),
    SOLVE_NOT_RETAINED(HttpStatus.GONE, "The solve is not retained here"),
    TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "The request is too large"),
    UNSUPPORTED_MEDIA_TYPE(
            HttpStatus.UNSUPPORTED_MEDIA_TYPE, "The body's media type is not supported"),
    INVALID_PROBLEM(HttpStatus.UNPROCESSABLE_CONTENT, "The shapes or values make no problem"),
    QUOTA_EXCEEDED(HttpStatus.TOO_MANY_REQUESTS, "A quota is used up"),
    OVERLOADED(HttpStatus.SERVICE_UNAVAILABLE, "This replica takes no more work now"),
    DRAINING(HttpStatus.SERVICE_UNAVAILABLE, "This replica is shutting down"),
    DEADLINE_EXCEEDED(HttpStatus.GATEWAY_TIMEOUT, "The deadline passed before anything was solved"),
    INTERNAL_ERROR(HttpStatus.INTERNAL_SERVER_ERROR, "Something unexpected happened");

    private static final String TYPES = "https://argmind.io/problems/";

    private final HttpStatus status;
    private final String title;

    ErrorCode(HttpStatus status, String title) {
        this.status = status;
        this.title = title;
    }

    HttpStatus status() {
        return status;
    }

    String title() {
        return title;
    }

    /** The last part of the problem type. */
    String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String type() {
        return TYPES + slug();
    }
}
