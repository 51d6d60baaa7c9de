/** Puts the parts together: which implementation stands behind which contract. */
@NullMarked
package dev.holdfast.cli.wiring;

import org.jspecify.annotations.NullMarked;
