package dev.holdfast.workbench.oci;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A way to start containers on this host.
 *
 * @param name what people call it
 * @param binary the runtime's program
 * @param hides a mount that must be hidden from the runtime for it to work
 */
record OciRuntime(String name, Path binary, Optional<Path> hides) {}
