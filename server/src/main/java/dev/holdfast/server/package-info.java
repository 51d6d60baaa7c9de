/** The resident process: one for each state directory. */
@NullMarked
package dev.holdfast.server;

import org.jspecify.annotations.NullMarked;
