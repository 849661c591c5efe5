package io.argmind.tensor;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;

/** The tokens of a JSON document. */
final class JsonTokens implements Tokens {

    private final JsonParser parser;
    private final Limits limits;
    private final Path path;
    private boolean started;

    JsonTokens(JsonParser parser, Limits limits, Path path) {
        this.parser = parser;
        this.limits = limits;
        this.path = path;
    }

    /**
     * Names, strings and nesting are measured exactly by the {@link DocumentBuilder}; the parser
     * only has to stop before it holds much more than that.
     */
    static JsonFactory factory(Limits limits) {
        return JsonFactory.builder()
                .streamReadConstraints(
                        StreamReadConstraints.builder()
                                .maxNestingDepth(limits.depth() + 1)
                                .maxStringLength(limits.stringLength() + 1)
                                .maxNameLength(8 * (limits.nameLength() + 1))
                                .maxNumberLength(limits.numberLength())
                                .build())
                .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                .build();
    }

    @Override
    public Token next() {
        JsonToken token = advance();
        if (token == null) {
            throw path.malformed(started ? "the document ends too early" : "the body is empty");
        }
        started = true;
        return switch (token) {
            case START_OBJECT -> Token.OBJECT;
            case START_ARRAY -> Token.ARRAY;
            case END_OBJECT, END_ARRAY -> Token.END;
            case PROPERTY_NAME -> Token.NAME;
            case VALUE_STRING -> Token.TEXT;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Token.NUMBER;
            case VALUE_TRUE -> Token.TRUE;
            case VALUE_FALSE -> Token.FALSE;
            case VALUE_NULL -> Token.NULL;
            case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                    throw new IllegalStateException(token + " in JSON");
        };
    }

    @Override
    public double number() {
        double value;
        try {
            value = parser.getDoubleValue();
        } catch (JacksonException e) {
            throw malformed(e);
        }
        if (Double.isInfinite(value)) {
            throw path.malformed("the number is beyond the range of double precision" + place());
        }
        return value;
    }

    @Override
    public String text() {
        try {
            return parser.getString();
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    @Override
    public Tensor tensor() {
        throw new IllegalStateException("a typed array in JSON");
    }

    @Override
    public void finish() {
        if (advance() != null) {
            throw path.malformed("something follows the document's end" + place());
        }
    }

    private @Nullable JsonToken advance() {
        try {
            return parser.nextToken();
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    private String place() {
        return place(parser.currentTokenLocation());
    }

    private MalformedDocumentException malformed(JacksonException e) {
        return path.malformed(detail(e) + place(e.getLocation()));
    }

    private String detail(JacksonException e) {
        String message = e.getOriginalMessage();
        return switch (e) {
            case UnexpectedEndOfInputException _ -> "the document ends too early";
            case StreamConstraintsException _ when message.startsWith("Number") ->
                    "a number of more than " + limits.numberLength() + " digits";
            case StreamConstraintsException _ when message.startsWith("String") ->
                    "a string longer than " + limits.stringLength() + " characters";
            case StreamConstraintsException _ when message.startsWith("Name") ->
                    "a field name longer than " + limits.nameLength() + " characters";
            default -> JsonComplaint.of(message);
        };
    }

    private static String place(@Nullable TokenStreamLocation location) {
        return location == null || location.getLineNr() < 1
                ? ""
                : " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
    }
}
