/** The resident process, started and asked by commands. */
@NullMarked
package dev.holdfast.cli.server;

import org.jspecify.annotations.NullMarked;
