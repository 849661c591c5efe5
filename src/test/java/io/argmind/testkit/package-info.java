/** Random programs with known answers, and checks that share no code with what they check. */
@NullMarked
package io.argmind.testkit;

import org.jspecify.annotations.NullMarked;
