/** Sandboxes and what runs in them. */
@NullMarked
package dev.holdfast.workbench;

import org.jspecify.annotations.NullMarked;
