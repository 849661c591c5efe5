package io.argmind.tensor;

/**
 * Hears how much memory a document takes. Whoever has no room for it throws, and the document is
 * not read to its end.
 */
public interface Weight {
    /** Nobody cares. */
    Weight UNKNOWN = bytes -> {};

    /**
     * While the document is read, about every megabyte, and once when it has been.
     *
     * @param bytes that its values take now, with the buffers that they are collected in
     */
    void is(long bytes);
}
