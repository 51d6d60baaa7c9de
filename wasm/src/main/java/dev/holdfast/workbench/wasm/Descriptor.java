package dev.holdfast.workbench.wasm;

import java.io.InputStream;

/** What a number that a program holds stands for. */
sealed interface Descriptor {
  /** Reading from the caller. */
  record In(InputStream stream) implements Descriptor {}

  /** Writing to the caller. */
  record Out(Sink sink) implements Descriptor {}

  /**
   * An open directory.
   *
   * @param preopened its name, when the program was born with it; otherwise empty
   */
  record OpenDirectory(FileTree tree, Node.Directory directory, String preopened)
      implements Descriptor {}

  /** An open file, with a position of its own. */
  final class OpenFile implements Descriptor {
    final FileTree tree;
    final Node.File file;
    final boolean readable;
    final boolean writable;
    boolean append;
    long position;

    OpenFile(FileTree tree, Node.File file, boolean readable, boolean writable, boolean append) {
      this.tree = tree;
      this.file = file;
      this.readable = readable;
      this.writable = writable;
      this.append = append;
    }
  }
}
