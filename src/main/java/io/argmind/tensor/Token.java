package io.argmind.tensor;

/** What a document is made of; {@link #TENSOR} is a typed array of CBOR, which comes whole. */
enum Token {
    OBJECT("an object"),
    ARRAY("an array"),
    END("an end"),
    NAME("a name"),
    TEXT("a string"),
    NUMBER("a number"),
    TRUE("a boolean"),
    FALSE("a boolean"),
    NULL("null"),
    TENSOR("a typed array");

    private final String words;

    Token(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
