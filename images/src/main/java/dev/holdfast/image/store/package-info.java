/** The content-addressed store of images on this machine. */
@NullMarked
package dev.holdfast.image.store;

import org.jspecify.annotations.NullMarked;
