/** Leases: who holds which resources of the host, so that somebody else can end them. */
@NullMarked
package dev.holdfast.lease;

import org.jspecify.annotations.NullMarked;
