package dev.holdfast.workbench.wasm;

import com.dylibso.chicory.runtime.Memory;

/** What programs are told of files: kind, number and size; times are always 0. */
final class Stat {
  static final int UNKNOWN = 0;
  static final int DIRECTORY = 3;
  static final int FILE = 4;
  private static final int BYTES = 64;

  private Stat() {}

  static int kind(Descriptor descriptor) {
    return switch (descriptor) {
      case Descriptor.In _, Descriptor.Out _ -> UNKNOWN;
      case Descriptor.OpenDirectory _ -> DIRECTORY;
      case Descriptor.OpenFile _ -> FILE;
    };
  }

  static int kind(Node node) {
    return node instanceof Node.Directory ? DIRECTORY : FILE;
  }

  static void write(Memory memory, int at, Descriptor descriptor) {
    switch (descriptor) {
      case Descriptor.In _, Descriptor.Out _ -> write(memory, at, 0, UNKNOWN, 0);
      case Descriptor.OpenDirectory it -> write(memory, at, it.tree(), it.directory());
      case Descriptor.OpenFile it -> write(memory, at, it.tree, it.file);
    }
  }

  static void write(Memory memory, int at, FileTree tree, Node node) {
    long size = node instanceof Node.File file ? tree.size(file) : 0;
    write(memory, at, node.number(), kind(node), size);
  }

  private static void write(Memory memory, int at, long number, int kind, long size) {
    memory.write(at, new byte[BYTES]);
    memory.writeLong(at + 8, number);
    memory.writeByte(at + 16, (byte) kind);
    memory.writeLong(at + 24, 1);
    memory.writeLong(at + 32, size);
  }
}
