/** Workbenches that outlive a command. */
@NullMarked
package dev.holdfast.cli.workbench;

import org.jspecify.annotations.NullMarked;
