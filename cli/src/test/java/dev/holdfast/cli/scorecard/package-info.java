/** Tests of what the scorecard says. */
@NullMarked
package dev.holdfast.cli.scorecard;

import org.jspecify.annotations.NullMarked;
