/** The image as its users run it, with a real engine, balancer and Prometheus. */
@NullMarked
package io.argmind.image;

import org.jspecify.annotations.NullMarked;
