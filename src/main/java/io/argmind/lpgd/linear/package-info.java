/**
 * Gradients of solutions of linear objectives, {@code x*(c) = argmin <c, x>} over a set that does
 * not depend on c, from nothing but an oracle for x*: differences, and means over noise.
 */
@NullMarked
package io.argmind.lpgd.linear;

import org.jspecify.annotations.NullMarked;
