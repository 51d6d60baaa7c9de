package dev.holdfast.workbench.wasm;

import java.util.Optional;

/**
 * Where a path leads: a name in a directory.
 *
 * @param name empty when the path is the directory itself
 * @param node what is there
 * @param mustBeDirectory whether the path ends in a slash
 */
record Spot(Node.Directory parent, String name, Optional<Node> node, boolean mustBeDirectory) {
  Node required() {
    return node.orElseThrow(() -> new WasiError(Errno.NOENT));
  }

  Node.File file() {
    return switch (required()) {
      case Node.File _ when mustBeDirectory -> throw new WasiError(Errno.NOTDIR);
      case Node.File file -> file;
      case Node.Directory _ -> throw new WasiError(Errno.ISDIR);
    };
  }

  Node.Directory directory() {
    return switch (required()) {
      case Node.Directory directory -> directory;
      case Node.File _ -> throw new WasiError(Errno.NOTDIR);
    };
  }
}
