/** The built-in agent: a loop between a model and the tool gate. */
@NullMarked
package dev.holdfast.harness;

import org.jspecify.annotations.NullMarked;
