package dev.holdfast.workbench.microvm;

import java.nio.file.Path;

/** The parts of a machine's saved memory, in the directory of its checkpoint. */
record SavedMemory(Path directory) {
  /** The state of its devices. */
  Path state() {
    return directory.resolve("state");
  }

  /** What differs from the template's memory. */
  Path pages() {
    return directory.resolve("pages");
  }

  /** What a file server knows of the machine's files. */
  Path session(FileServers of) {
    return directory.resolve("files-" + of.title());
  }

  /** Which template that is. */
  Path template() {
    return directory.resolve("template");
  }
}
