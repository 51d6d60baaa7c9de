@NullMarked
package dev.holdfast.image.store;

import org.jspecify.annotations.NullMarked;
