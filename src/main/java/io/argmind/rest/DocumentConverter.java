package io.argmind.rest;

import io.argmind.dispatch.Admission;
import io.argmind.dispatch.DispatchSettings;
import io.argmind.dispatch.ServiceMeters;
import io.argmind.tensor.DocumentReader;
import io.argmind.tensor.DocumentWriter;
import io.argmind.tensor.MalformedDocumentException;
import io.argmind.tensor.Value;
import io.argmind.tensor.Weight;
import jakarta.servlet.http.HttpServletRequest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import java.util.zip.Adler32;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Bodies in JSON and CBOR, both to and from the same documents. */
@Component
final class DocumentConverter extends AbstractHttpMessageConverter<Value> {
    private final DocumentReader reader;
    private final DocumentWriter writer = new DocumentWriter();
    private final long maxBytes;
    private final ServiceMeters meters;

    DocumentConverter(DocumentReader reader, DispatchSettings settings, ServiceMeters meters) {
        super(MediaType.APPLICATION_JSON, MediaType.APPLICATION_CBOR);
        this.reader = reader;
        this.maxBytes = settings.maxBodyBytes();
        this.meters = meters;
    }

    @Override
    protected boolean supports(Class<?> type) {
        return Value.class.isAssignableFrom(type);
    }

    @Override
    protected Value readInternal(Class<? extends Value> type, HttpInputMessage message)
            throws IOException {
        long start = System.nanoTime();
        Value value = read(message);
        meters.phase("all", "decode", System.nanoTime() - start);
        return value;
    }

    private Value read(HttpInputMessage message) throws IOException {
        long length = message.getHeaders().getContentLength();
        if (length > maxBytes) {
            throw new BodyTooLargeException(maxBytes);
        }
        boolean cbor = isCbor(message.getHeaders().getContentType());
        ArrivingBody in = arriving(message);
        HttpServletRequest request = request();
        Object ticket = request == null ? null : request.getAttribute(AdmissionFilter.TICKET);
        if (!(ticket instanceof Admission.Ticket held)) {
            return read(in, length, cbor, Weight.UNKNOWN);
        }
        long whole = length < 0 ? maxBytes : length;
        BodyWeight weight = new BodyWeight(held, cbor && length >= 0 ? 0 : whole);
        Value value = read(in, length, cbor, weight);
        weight.settle();
        return value;
    }

    private Value read(ArrivingBody in, long length, boolean cbor, Weight weight)
            throws IOException {
        if (cbor && length >= 0) {
            return readWhileItArrives(in, length, weight);
        }
        byte[] body = body(in, length);
        in.requireUndamaged();
        return cbor
                ? reader.readCbor(body, 0, body.length, weight)
                : reader.readJson(body, 0, body.length, weight);
    }

    private static ArrivingBody arriving(HttpInputMessage message) throws IOException {
        HttpServletRequest request = request();
        Object deadline = request == null ? null : request.getAttribute(AdmissionFilter.DEADLINE);
        return new ArrivingBody(
                message.getBody(),
                deadline instanceof Long nanos ? nanos : System.nanoTime() + Long.MAX_VALUE / 4,
                message.getHeaders().getFirst(ArrivingBody.DIGEST_HEADER));
    }

    private Value readWhileItArrives(ArrivingBody in, long length, Weight weight)
            throws IOException {
        Value value;
        try {
            value = reader.readCbor(in, length, weight);
        } catch (MalformedDocumentException e) {
            in.requireUndamaged(); // that it was damaged explains more
            throw e;
        }
        in.requireUndamaged();
        return value;
    }

    private byte[] body(InputStream in, long length) throws IOException {
        if (length < 0) {
            byte[] chunked = in.readNBytes((int) maxBytes + 1);
            if (chunked.length > maxBytes) {
                throw new BodyTooLargeException(maxBytes);
            }
            return chunked;
        }
        byte[] body = new byte[(int) length];
        int read = in.readNBytes(body, 0, body.length);
        if (read < body.length) {
            throw new EOFException("the body ended after " + read + " of " + length + " bytes");
        }
        return body;
    }

    /** Known for CBOR; then neither side has to cut the body into chunks. */
    @Override
    protected @Nullable Long getContentLength(Value value, @Nullable MediaType type) {
        return isCbor(type) ? writer.cborLength(value) : null;
    }

    @Override
    protected void writeInternal(Value value, HttpOutputMessage message) throws IOException {
        long start = System.nanoTime();
        if (isCbor(message.getHeaders().getContentType())) {
            if (isDigestWanted()) {
                Adler32 sum = new Adler32();
                OutputStream nowhere = OutputStream.nullOutputStream();
                writer.writeCbor(value, new CheckedOutputStream(nowhere, sum));
                message.getHeaders().set(ArrivingBody.DIGEST_HEADER, ArrivingBody.header(sum));
            }
            writer.writeCbor(value, message.getBody());
        } else {
            writer.writeJson(value, message.getBody());
        }
        meters.phase("all", "encode", System.nanoTime() - start);
    }

    private static boolean isDigestWanted() {
        HttpServletRequest request = request();
        String wanted = request == null ? null : request.getHeader("Want-Content-Digest");
        return wanted != null && wanted.contains("adler");
    }

    /** The one that this thread works on; Spring's messages do not say. */
    private static @Nullable HttpServletRequest request() {
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes here
                ? here.getRequest()
                : null;
    }

    private static boolean isCbor(@Nullable MediaType type) {
        return type != null
                && Objects.equals(type.getSubtype(), MediaType.APPLICATION_CBOR.getSubtype());
    }
}
