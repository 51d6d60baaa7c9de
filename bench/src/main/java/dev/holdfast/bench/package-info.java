/** Measurements of the whole system beside its peers, all in one run. */
@NullMarked
package dev.holdfast.bench;

import org.jspecify.annotations.NullMarked;
