/** Live workbenches saved to disk, and others that go on from there. */
@NullMarked
package dev.holdfast.workbench.checkpoint;

import org.jspecify.annotations.NullMarked;
