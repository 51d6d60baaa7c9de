/** Checking that the log is what it was. */
@NullMarked
package dev.holdfast.cli.audit;

import org.jspecify.annotations.NullMarked;
