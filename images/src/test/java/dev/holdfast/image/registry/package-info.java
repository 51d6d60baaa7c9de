@NullMarked
package dev.holdfast.image.registry;

import org.jspecify.annotations.NullMarked;
