/** The program `holdfast`: finds the command that was asked for, and nothing else. */
@NullMarked
package dev.holdfast.cli;

import org.jspecify.annotations.NullMarked;
