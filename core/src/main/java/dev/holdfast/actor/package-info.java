/** Who acts, and for whom. */
@NullMarked
package dev.holdfast.actor;

import org.jspecify.annotations.NullMarked;
