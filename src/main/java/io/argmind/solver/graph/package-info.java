/**
 * Exact algorithms for combinatorial sets, in double precision and without native code, and JGraphT
 * for second opinions; the only importer of {@code org.jgrapht}.
 */
@NullMarked
package io.argmind.solver.graph;

import org.jspecify.annotations.NullMarked;
