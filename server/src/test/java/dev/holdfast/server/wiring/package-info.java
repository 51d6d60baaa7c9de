/** Tests. */
@NullMarked
package dev.holdfast.server.wiring;

import org.jspecify.annotations.NullMarked;
