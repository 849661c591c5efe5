/** Properties, wiring and health. */
@NullMarked
package io.argmind.config;

import org.jspecify.annotations.NullMarked;
