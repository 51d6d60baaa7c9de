/** What names an image and its parts. */
@NullMarked
package dev.holdfast.image;

import org.jspecify.annotations.NullMarked;
