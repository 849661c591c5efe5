/** Shape, datatype and row-major contents of arrays; their JSON and CBOR (RFC 8746) forms. */
@NullMarked
package io.argmind.tensor;

import org.jspecify.annotations.NullMarked;
