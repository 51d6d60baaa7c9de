/** Workbenches as containers of a Docker daemon, or of Podman behind the same interface. */
@NullMarked
package dev.holdfast.workbench.docker;

import org.jspecify.annotations.NullMarked;
