/**
 * When and where a solve runs: admission, bounded pool, deadlines, retained solves, registered
 * problems.
 */
@NullMarked
package io.argmind.dispatch;

import org.jspecify.annotations.NullMarked;
