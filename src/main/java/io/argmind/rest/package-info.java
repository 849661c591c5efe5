/** HTTP only: parse, map to problems, hand to dispatch, map back. */
@NullMarked
package io.argmind.rest;

import org.jspecify.annotations.NullMarked;
