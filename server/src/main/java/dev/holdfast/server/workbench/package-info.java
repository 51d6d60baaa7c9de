/** The workbenches that outlive a command, and what goes on in them. */
@NullMarked
package dev.holdfast.server.workbench;

import org.jspecify.annotations.NullMarked;
