/** The geometry of cones: projections, distances, and derivatives of projections. */
@NullMarked
package io.argmind.solution.cone;

import org.jspecify.annotations.NullMarked;
