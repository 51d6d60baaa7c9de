/** Tests of the wiring. */
@NullMarked
package dev.holdfast.cli.wiring;

import org.jspecify.annotations.NullMarked;
