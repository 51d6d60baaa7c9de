@NullMarked
package dev.holdfast.image;

import org.jspecify.annotations.NullMarked;
