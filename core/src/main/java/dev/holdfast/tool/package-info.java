/** Tools, calls of them, and the gate they pass. */
@NullMarked
package dev.holdfast.tool;

import org.jspecify.annotations.NullMarked;
