/** Kernels: arrays in, arrays out. Knows nothing of optimization and imports nothing of ours. */
@NullMarked
package io.argmind.linalg;

import org.jspecify.annotations.NullMarked;
