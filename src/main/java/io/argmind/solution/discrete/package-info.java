/** What is answered for combinatorial problems, and whether it is true. */
@NullMarked
package io.argmind.solution.discrete;

import org.jspecify.annotations.NullMarked;
