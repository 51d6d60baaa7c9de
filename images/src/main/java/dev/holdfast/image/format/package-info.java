/** Manifests, indexes and configurations, checked where they enter. */
@NullMarked
package dev.holdfast.image.format;

import org.jspecify.annotations.NullMarked;
