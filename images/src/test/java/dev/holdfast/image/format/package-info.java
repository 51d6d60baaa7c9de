@NullMarked
package dev.holdfast.image.format;

import org.jspecify.annotations.NullMarked;
