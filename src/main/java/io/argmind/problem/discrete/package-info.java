/** Combinatorial problems: the sets over which a linear cost is minimized. */
@NullMarked
package io.argmind.problem.discrete;

import org.jspecify.annotations.NullMarked;
