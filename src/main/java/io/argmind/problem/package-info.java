/** What is asked: batches of programs in one standard form. Each record checks itself. */
@NullMarked
package io.argmind.problem;

import org.jspecify.annotations.NullMarked;
