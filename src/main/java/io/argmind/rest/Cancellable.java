package io.argmind.rest;

import io.argmind.tensor.Value;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.MDC;

/**
 * Work that ends when its client resets its stream. The server says so on HTTP/2 alone, and of
 * requests that are answered asynchronously alone; all others spare themselves the second thread.
 */
final class Cancellable {
    private static final String WITH_RESETS = "HTTP/2.0";

    private Cancellable() {}

    /** Work whose thread is interrupted when nobody wants its answer any more. */
    interface Work extends Callable<Value> {
        @Override
        Value call();
    }

    /** Returns the answer, or what Spring calls for it. */
    static Object answer(HttpServletRequest request, Work work) {
        if (!request.getProtocol().equals(WITH_RESETS)) {
            return work.call();
        }
        Map<String, String> logged = MDC.getCopyOfContextMap();
        Work withLog =
                () -> {
                    MDC.setContextMap(logged == null ? Map.of() : logged);
                    return work.call();
                };
        return withLog;
    }
}
