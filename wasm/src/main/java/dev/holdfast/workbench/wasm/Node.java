package dev.holdfast.workbench.wasm;

import java.util.Arrays;
import java.util.TreeMap;

/** A file or a directory in memory. There are no links and no devices. */
sealed interface Node {
  /** Its number, unique in its tree. */
  long number();

  /** The bytes of a file, guarded by its tree. */
  final class File implements Node {
    private static final int FIRST_CAPACITY = 256;

    private final long number;
    private byte[] content;
    private int size;

    /** How many descriptors refer to it. */
    int opens;

    /** Whether its name is gone. */
    boolean removed;

    File(long number, byte[] content) {
      this.number = number;
      this.content = content.clone();
      this.size = content.length;
    }

    @Override
    public long number() {
      return number;
    }

    int size() {
      return size;
    }

    /**
     * What it takes of this machine's memory: at most twice its size, or the least that any does.
     */
    int held() {
      return content.length;
    }

    byte[] read(long offset, int most) {
      int from = (int) Math.min(offset, size);
      return Arrays.copyOfRange(content, from, from + Math.min(most, size - from));
    }

    void write(int offset, byte[] data) {
      resize(Math.max(size, offset + data.length));
      System.arraycopy(data, 0, content, offset, data.length);
    }

    void resize(int bytes) {
      if (bytes > content.length) {
        content =
            Arrays.copyOf(content, Math.max(bytes, Math.max(FIRST_CAPACITY, size + size / 2)));
      } else if (bytes < size && bytes < content.length / 2) {
        content = Arrays.copyOf(content, bytes);
      } else if (bytes < size) {
        Arrays.fill(content, bytes, size, (byte) 0);
      }
      size = bytes;
    }
  }

  /** Entries by name, in the order of their letters, guarded by its tree. */
  final class Directory implements Node {
    private final long number;
    final TreeMap<String, Node> entries = new TreeMap<>();

    Directory(long number) {
      this.number = number;
    }

    @Override
    public long number() {
      return number;
    }
  }
}
