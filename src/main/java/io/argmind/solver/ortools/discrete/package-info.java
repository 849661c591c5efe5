/** Oracles for combinatorial kinds in the native library of OR-Tools. */
@NullMarked
package io.argmind.solver.ortools.discrete;

import org.jspecify.annotations.NullMarked;
