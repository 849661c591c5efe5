/**
 * A primal-dual interior-point method for one program at a time: large and sparse ones, and every
 * cone. Plain arrays in, plain arrays out.
 */
@NullMarked
package io.argmind.solver.interior.cone;

import org.jspecify.annotations.NullMarked;
