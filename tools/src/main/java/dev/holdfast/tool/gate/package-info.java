/** The tool gate: the one way by which a tool call reaches the world. */
@NullMarked
package dev.holdfast.tool.gate;

import org.jspecify.annotations.NullMarked;
