package io.argmind.tensor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads request documents. Nested arrays of numbers become one {@link Tensor}: all rows must have
 * one shape; null stands for a missing entry or a missing row. In arrays the strings "Infinity" and
 * "-Infinity" are numbers; no other string is. Everything else that is not strict JSON, or not the
 * CBOR (RFC 8949, with the typed arrays of RFC 8746) of the same document, is refused. Safe for use
 * by several threads.
 */
public final class DocumentReader {

    /** So many numbers any body may stand for. */
    private static final int SMALL = 1 << 20;

    private final Limits limits;
    private final JsonFactory json;

    public DocumentReader(Limits limits) {
        this.limits = limits;
        json = JsonTokens.factory(limits);
    }

    /**
     * Reads a JSON document.
     *
     * @throws MalformedDocumentException if the body is not such a document
     */
    public Value readJson(byte[] body, int offset, int length) {
        return readJson(body, offset, length, Weight.UNKNOWN);
    }

    /**
     * Reads a JSON document.
     *
     * @param weight hears what it takes
     * @throws MalformedDocumentException if the body is not such a document
     */
    public Value readJson(byte[] body, int offset, int length, Weight weight) {
        Path path = new Path(limits.depth());
        int bad = Utf8.firstBadByte(body, offset, length);
        if (bad >= 0 || hasZero(body, offset, Math.min(length, 4))) {
            throw path.malformed("the body is not UTF-8, from byte " + Math.max(bad, 0));
        }
        Budget budget = budget(length, path, weight);
        try (JsonParser parser =
                json.createParser(ObjectReadContext.empty(), body, offset, length)) {
            Tokens tokens = new JsonTokens(parser, limits, path);
            return new DocumentBuilder(tokens, limits, path, budget).document();
        } catch (JacksonException e) {
            throw path.malformed(JsonComplaint.of(e.getOriginalMessage()));
        }
    }

    /**
     * Reads a JSON document to the stream's end; the stream is left open.
     *
     * @throws MalformedDocumentException if the stream is not such a document
     */
    public Value readJson(InputStream body) throws IOException {
        byte[] bytes = body.readAllBytes();
        return readJson(bytes, 0, bytes.length);
    }

    /**
     * Reads a CBOR document.
     *
     * @throws MalformedDocumentException if the body is not such a document
     */
    public Value readCbor(byte[] body, int offset, int length) {
        return readCbor(body, offset, length, Weight.UNKNOWN);
    }

    /**
     * Reads a CBOR document.
     *
     * @param weight hears what it takes
     * @throws MalformedDocumentException if the body is not such a document
     */
    public Value readCbor(byte[] body, int offset, int length, Weight weight) {
        Path path = new Path(limits.depth());
        return readCbor(
                new CborInput(body, offset, length, path), budget(length, path, weight), path);
    }

    /**
     * Reads a CBOR document of known length while it arrives; the stream is left open.
     *
     * @param length in bytes, of which not all are read if the document is refused
     * @throws MalformedDocumentException if they are not such a document
     * @throws java.io.EOFException if the stream ends before them
     */
    public Value readCbor(InputStream body, long length) throws IOException {
        return readCbor(body, length, Weight.UNKNOWN);
    }

    /**
     * Reads a CBOR document of known length while it arrives; the stream is left open.
     *
     * @param length in bytes, of which not all are read if the document is refused
     * @param weight hears what it takes
     * @throws MalformedDocumentException if they are not such a document
     * @throws java.io.EOFException if the stream ends before them
     */
    public Value readCbor(InputStream body, long length, Weight weight) throws IOException {
        Path path = new Path(limits.depth());
        try {
            return readCbor(new CborInput(body, length, path), budget(length, path, weight), path);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Numbers that are written take a byte at least; only null rows are more numbers than bytes,
     * and those must not let a small body fill the memory.
     */
    private Budget budget(long length, Path path, Weight weight) {
        int entries = (int) Math.min(limits.entries(), Math.max(SMALL, length));
        return new Budget(entries, path, weight);
    }

    private Value readCbor(CborInput input, Budget budget, Path path) {
        if (input.atEnd()) {
            throw path.malformed("the body is empty");
        }
        Tokens tokens = new CborTokens(input, limits, path, budget);
        return new DocumentBuilder(tokens, limits, path, budget).document();
    }

    /**
     * Reads a CBOR document to the stream's end; the stream is left open.
     *
     * @throws MalformedDocumentException if the stream is not such a document
     */
    public Value readCbor(InputStream body) throws IOException {
        byte[] bytes = body.readAllBytes();
        return readCbor(bytes, 0, bytes.length);
    }

    /** JSON in UTF-16 or UTF-32 has a zero byte among its first four; in UTF-8 it has none. */
    private static boolean hasZero(byte[] body, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (body[i] == 0) {
                return true;
            }
        }
        return false;
    }
}
