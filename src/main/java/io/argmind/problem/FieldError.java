package io.argmind.problem;

/**
 * One thing wrong with a request.
 *
 * @param pointer where, as a JSON pointer into the request (RFC 6901)
 * @param detail what was found and what was expected
 */
public record FieldError(String pointer, String detail) {}
