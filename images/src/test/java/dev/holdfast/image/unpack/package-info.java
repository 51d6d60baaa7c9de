@NullMarked
package dev.holdfast.image.unpack;

import org.jspecify.annotations.NullMarked;
