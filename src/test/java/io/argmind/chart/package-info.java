/** The Helm chart: what it renders, refuses and says, without a cluster. */
@NullMarked
package io.argmind.chart;

import org.jspecify.annotations.NullMarked;
