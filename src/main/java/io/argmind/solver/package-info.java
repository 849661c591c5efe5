/** The contract between the service and its back-ends, and the choice among them. */
@NullMarked
package io.argmind.solver;

import org.jspecify.annotations.NullMarked;
