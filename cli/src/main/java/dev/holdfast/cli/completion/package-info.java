/** Completion scripts for shells. */
@NullMarked
package dev.holdfast.cli.completion;

import org.jspecify.annotations.NullMarked;
