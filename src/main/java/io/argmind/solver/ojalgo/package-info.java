/** Back-ends on ojAlgo, in pure Java: the only importer of {@code org.ojalgo}. */
@NullMarked
package io.argmind.solver.ojalgo;

import org.jspecify.annotations.NullMarked;
