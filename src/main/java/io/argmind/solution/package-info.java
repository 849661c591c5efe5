/** What is answered, and how good it is: statuses, residuals, certificates, verification. */
@NullMarked
package io.argmind.solution;

import org.jspecify.annotations.NullMarked;
