/**
 * Who asks: keys and tokens, before a place is reserved or a body is read; and what browsers may
 * do.
 */
@NullMarked
package io.argmind.security;

import org.jspecify.annotations.NullMarked;
