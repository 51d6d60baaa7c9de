package dev.holdfast.workbench.wasm;

import java.util.TreeMap;

/** The descriptors of one program, by number. */
final class Descriptors {
  /** Open at once, the first ones included. */
  static final int MOST = 64;

  private final TreeMap<Integer, Descriptor> open = new TreeMap<>();

  /** Gives it the lowest free number. */
  int add(Descriptor descriptor) {
    if (open.size() >= MOST) {
      throw new WasiError(Errno.MFILE);
    }
    int number = 0;
    while (open.containsKey(number)) {
      number++;
    }
    open.put(number, descriptor);
    if (descriptor instanceof Descriptor.OpenFile it) {
      it.tree.opened(it.file);
    }
    return number;
  }

  Descriptor get(int number) {
    var descriptor = open.get(number);
    if (descriptor == null) {
      throw new WasiError(Errno.BADF);
    }
    return descriptor;
  }

  void close(int number) {
    if (get(number) instanceof Descriptor.OpenFile it) {
      it.tree.closed(it.file);
    }
    open.remove(number);
  }

  /** Makes {@code to} mean what {@code from} does, and frees {@code from}. */
  void move(int from, int to) {
    var descriptor = get(from);
    get(to);
    if (from != to) {
      close(to);
      open.remove(from);
      open.put(to, descriptor);
    }
  }

  /** Closes everything: what files in memory hold is free again. */
  void closeAll() {
    java.util.List.copyOf(open.keySet()).forEach(this::close);
  }

  Descriptor.OpenDirectory directory(int number) {
    if (get(number) instanceof Descriptor.OpenDirectory directory) {
      return directory;
    }
    throw new WasiError(Errno.NOTDIR);
  }

  /** A file that can be positioned in. */
  Descriptor.OpenFile file(int number) {
    return switch (get(number)) {
      case Descriptor.OpenFile file -> file;
      case Descriptor.OpenDirectory _ -> throw new WasiError(Errno.ISDIR);
      case Descriptor.In _, Descriptor.Out _ -> throw new WasiError(Errno.SPIPE);
    };
  }
}
