package io.argmind.tensor;

/** A document as tokens. The accessors speak about the token that {@link #next} returned last. */
interface Tokens {

    Token next();

    /** Of a NUMBER; may be infinite or NaN only if the format has such numbers. */
    double number();

    /** Of a TEXT or NAME. */
    String text();

    /** Of a TENSOR. */
    Tensor tensor();

    /** Checks that nothing follows the document. */
    void finish();
}
