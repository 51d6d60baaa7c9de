/** A run and its event log. */
@NullMarked
package dev.holdfast.run;

import org.jspecify.annotations.NullMarked;
