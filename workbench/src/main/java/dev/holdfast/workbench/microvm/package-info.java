/** Workbenches as virtual machines with a kernel of their own, started from snapshots. */
@NullMarked
package dev.holdfast.workbench.microvm;

import org.jspecify.annotations.NullMarked;
