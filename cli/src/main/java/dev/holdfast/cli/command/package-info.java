/** What every command is made of: its syntax, its terminal, its exit code. */
@NullMarked
package dev.holdfast.cli.command;

import org.jspecify.annotations.NullMarked;
