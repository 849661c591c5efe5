package io.argmind.rest;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Errors that never reached an endpoint, of filters and of the container, in the form of all
 * others.
 */
@RestController
final class ErrorPage implements ErrorController {
    private static final String PATH = "/error";

    @RequestMapping(PATH)
    void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        Object uri = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
        Object message = request.getAttribute(RequestDispatcher.ERROR_MESSAGE);
        ErrorCode code =
                switch (status) {
                    case null ->
                            ErrorCode.NOT_FOUND; // nobody's error: somebody asked for this path
                    case Integer s when s == 401 -> ErrorCode.UNAUTHENTICATED;
                    case Integer s when s == 403 -> ErrorCode.FORBIDDEN;
                    case Integer s when s == 503 -> ErrorCode.OVERLOADED;
                    case Integer s when s == 404 -> ErrorCode.NOT_FOUND;
                    case Integer s when s == 405 -> ErrorCode.METHOD_NOT_ALLOWED;
                    case Integer s when s == 413 -> ErrorCode.TOO_LARGE;
                    case Integer s when s >= 400 && s < 500 -> ErrorCode.MALFORMED_REQUEST;
                    default -> ErrorCode.INTERNAL_ERROR;
                };
        String detail =
                switch (code) {
                    // said by io.argmind.security, of which nothing else answers so
                    case UNAUTHENTICATED, FORBIDDEN, OVERLOADED -> String.valueOf(message);
                    default -> code.title() + ": " + (uri == null ? PATH : uri);
                };
        Problems.write(response, code, detail, List.of());
    }
}
