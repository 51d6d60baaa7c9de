/** Finds tool definitions that agents will misuse. */
@NullMarked
package dev.holdfast.tool.lint;

import org.jspecify.annotations.NullMarked;
