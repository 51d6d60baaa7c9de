/** The commands about rules and tools. */
@NullMarked
package dev.holdfast.cli.govern;

import org.jspecify.annotations.NullMarked;
