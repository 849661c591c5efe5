/**
 * Back-ends in processes of their own, behind the same contract: what native code does to its
 * process costs a retry there, and nobody else anything.
 */
@NullMarked
package io.argmind.solver.worker;

import org.jspecify.annotations.NullMarked;
