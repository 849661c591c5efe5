/** Back-ends in the native library of OR-Tools; the only importer of {@code com.google.ortools}. */
@NullMarked
package io.argmind.solver.ortools;

import org.jspecify.annotations.NullMarked;
