/**
 * The batched engine: a primal-dual interior-point method and an active-set Newton method for many
 * programs of one structure, side by side in the lanes of SIMD registers.
 */
@NullMarked
package io.argmind.solver.interior;

import org.jspecify.annotations.NullMarked;
