@NullMarked
package dev.holdfast.image.archive;

import org.jspecify.annotations.NullMarked;
