/** How contents are named and bound. */
@NullMarked
package dev.holdfast.digest;

import org.jspecify.annotations.NullMarked;
