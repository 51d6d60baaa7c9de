/** Making images from a Dockerfile or a devcontainer.json, each step in a workbench. */
@NullMarked
package dev.holdfast.image.build;

import org.jspecify.annotations.NullMarked;
