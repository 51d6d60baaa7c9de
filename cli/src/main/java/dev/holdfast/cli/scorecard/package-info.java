/** {@code holdfast scorecard}: real attacks on every layer, and what came of them. */
@NullMarked
package dev.holdfast.cli.scorecard;

import org.jspecify.annotations.NullMarked;
