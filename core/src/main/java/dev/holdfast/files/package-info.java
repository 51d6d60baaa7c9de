/** The host's own files. */
@NullMarked
package dev.holdfast.files;

import org.jspecify.annotations.NullMarked;
