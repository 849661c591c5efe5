package io.argmind.tensor;

/** What the entries of a {@link Tensor} are in the document; in memory they are doubles. */
public enum DataType {
    /** JSON numbers, plain CBOR numbers; written as FLOAT64. */
    UNTYPED,
    INTEGER,
    FLOAT32,
    FLOAT64
}
