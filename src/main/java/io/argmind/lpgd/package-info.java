/**
 * The backward pass, written against the solver contract: envelopes, perturbation, Lagrangian
 * gradients.
 */
@NullMarked
package io.argmind.lpgd;

import org.jspecify.annotations.NullMarked;
