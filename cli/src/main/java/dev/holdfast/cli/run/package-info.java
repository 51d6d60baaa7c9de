/** The commands that give an agent a task, watch it, and decide on what it proposes. */
@NullMarked
package dev.holdfast.cli.run;

import org.jspecify.annotations.NullMarked;
