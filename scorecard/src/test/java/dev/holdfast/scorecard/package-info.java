/** Tests that attacks are judged rightly. */
@NullMarked
package dev.holdfast.scorecard;

import org.jspecify.annotations.NullMarked;
