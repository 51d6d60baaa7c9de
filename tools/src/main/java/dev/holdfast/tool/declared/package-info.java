/**
 * Tools that are declared in YAML, without code: a definition and the command that it stands for.
 */
@NullMarked
package dev.holdfast.tool.declared;

import org.jspecify.annotations.NullMarked;
