/** Which driver stands behind which layer, and the rules by which one is chosen. */
@NullMarked
package dev.holdfast.server.wiring;

import org.jspecify.annotations.NullMarked;
