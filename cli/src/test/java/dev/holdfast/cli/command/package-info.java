/** Tests of what commands are made of. */
@NullMarked
package dev.holdfast.cli.command;

import org.jspecify.annotations.NullMarked;
