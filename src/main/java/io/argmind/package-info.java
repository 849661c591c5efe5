/** The argmin daemon: solves batches of parameterized problems and differentiates through them. */
@NullMarked
package io.argmind;

import org.jspecify.annotations.NullMarked;
