/** The user's own terminal, lent to a program elsewhere. */
@NullMarked
package dev.holdfast.cli.terminal;

import org.jspecify.annotations.NullMarked;
