package io.argmind.tensor;

import java.io.IOException;
import java.io.OutputStream;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes response documents; {@link DocumentReader} reads them back. A number without a value is
 * null in JSON and NaN in CBOR. The stream is left open. Safe for use by several threads.
 */
public final class DocumentWriter {

    private final JsonFactory json =
            JsonFactory.builder()
                    .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
                    .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                    .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
                    .build();

    public void writeJson(Value document, OutputStream out) throws IOException {
        try (JsonGenerator generator =
                json.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
            new JsonOutput(generator).write(document);
        } catch (JacksonIOException e) {
            throw e.getCause();
        }
    }

    /** How many bytes {@link #writeCbor} writes. */
    public long cborLength(Value document) {
        return CborLength.of(document);
    }

    public void writeCbor(Value document, OutputStream out) throws IOException {
        CborOutput output = new CborOutput(out);
        output.write(document);
        output.flush();
    }
}
