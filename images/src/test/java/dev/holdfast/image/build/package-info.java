@NullMarked
package dev.holdfast.image.build;

import org.jspecify.annotations.NullMarked;
