package io.argmind.rest;

import io.argmind.dispatch.OverloadedException;
import io.argmind.problem.FieldError;
import io.argmind.tensor.DataType;
import io.argmind.tensor.DocumentWriter;
import io.argmind.tensor.Tensor;
import io.argmind.tensor.Value;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes errors as {@code application/problem+json} (RFC 9457), for the advice and for filters
 * alike.
 */
final class Problems {
    private static final String MEDIA_TYPE = "application/problem+json";

    private Problems() {}

    static void write(
            HttpServletResponse response, ErrorCode code, String detail, List<FieldError> errors)
            throws IOException {
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("type", new Value.Text(code.type()));
        members.put("title", new Value.Text(code.title()));
        members.put(
                "status",
                Tensor.of(new int[0], new double[] {code.status().value()}, DataType.INTEGER));
        members.put("detail", new Value.Text(detail));
        if (!errors.isEmpty()) {
            List<Value> list = new ArrayList<>();
            for (FieldError error : errors) {
                Map<String, Value> one = new LinkedHashMap<>();
                one.put("pointer", new Value.Text(error.pointer()));
                one.put("detail", new Value.Text(error.detail()));
                list.add(new Value.Obj(one));
            }
            members.put("errors", new Value.Items(list));
        }
        response.setStatus(code.status().value());
        response.setContentType(MEDIA_TYPE);
        new DocumentWriter().writeJson(new Value.Obj(members), response.getOutputStream());
    }

    static void write(HttpServletResponse response, OverloadedException e) throws IOException {
        response.setHeader("Retry-After", Long.toString((long) Math.ceil(e.retryAfterSeconds())));
        response.setHeader("retry-after-ms", Long.toString((long) (1e3 * e.retryAfterSeconds())));
        ErrorCode code =
                switch (e.reason()) {
                    case QUOTA -> ErrorCode.QUOTA_EXCEEDED;
                    case DRAINING -> ErrorCode.DRAINING;
                    case QUEUE_FULL, MEMORY, WAIT -> ErrorCode.OVERLOADED;
                };
        write(response, code, String.valueOf(e.getMessage()), List.of());
    }
}
