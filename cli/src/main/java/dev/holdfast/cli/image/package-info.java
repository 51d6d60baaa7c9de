/** The commands on images. */
@NullMarked
package dev.holdfast.cli.image;

import org.jspecify.annotations.NullMarked;
