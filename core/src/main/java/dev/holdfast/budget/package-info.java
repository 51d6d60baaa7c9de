/** What a run may use, and what it has used. */
@NullMarked
package dev.holdfast.budget;

import org.jspecify.annotations.NullMarked;
