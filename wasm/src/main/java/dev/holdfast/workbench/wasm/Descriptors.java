package dev.holdfast.workbench.wasm;

import java.util.TreeMap;

/** The descriptors of one program, by number, and how far it may write through them. */
final class Descriptors {
  /** Open at once, the first ones included. */
  static final int MOST = 64;

  /** What every program is born with. */
  private static final int FIRST = 5;

  private final int most;
  private final long fileBytes;

  private final TreeMap<Integer, Descriptor> open = new TreeMap<>();

  /** With every limit at its highest. */
  Descriptors() {
    this(MOST, Integer.MAX_VALUE);
  }

  /**
   * @param most open at once; {@value #MOST} is all that any program gets
   * @param fileBytes the largest file that it may write
   */
  Descriptors(int most, long fileBytes) {
    this.most = Math.clamp(most, FIRST, MOST);
    this.fileBytes = fileBytes;
  }

  /** Fails when a file would become larger than its program may write. */
  void requireRoom(long fileSize) {
    if (fileSize > fileBytes) {
      throw new WasiError(Errno.FBIG);
    }
  }

  /** Gives it the lowest free number. */
  int add(Descriptor descriptor) {
    if (open.size() >= most) {
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
