/** The files that an agent works on. */
@NullMarked
package dev.holdfast.workspace;

import org.jspecify.annotations.NullMarked;
