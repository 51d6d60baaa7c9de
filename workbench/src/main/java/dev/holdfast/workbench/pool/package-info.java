/** Workbenches that are started before they are needed. */
@NullMarked
package dev.holdfast.workbench.pool;

import org.jspecify.annotations.NullMarked;
