package dev.holdfast.workspace.overlay;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A saved upper directory: every path with what is needed to make it again. Regular files name
 * their bytes by digest.
 */
record Manifest(String label, long changedPaths, SortedMap<String, Entry> entries) {
  private static final int MAGIC = 0x484b5031;

  Manifest {
    entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
  }

  /**
   * @param data a file's digest in hexadecimal, a link's raw target, {@code y} for an opaque
   *     directory; else empty
   */
  record Entry(Stat stat, String data) {
    /** Whether {@code now} is certainly still the file that was saved. */
    boolean untouched(Stat now) {
      return stat.equals(now);
    }

    /** Whether the two would be restored alike. */
    boolean alike(Entry other) {
      return stat.mode() == other.stat.mode()
          && data.equals(other.data)
          && (stat.isDirectory() || stat.mtime() == other.stat.mtime());
    }
  }

  void write(Path file) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(fresh)))) {
      out.writeInt(MAGIC);
      out.writeUTF(label);
      out.writeLong(changedPaths);
      out.writeInt(entries.size());
      for (var entry : entries.entrySet()) {
        raw(out, entry.getKey());
        raw(out, entry.getValue().data());
        stat(out, entry.getValue().stat());
      }
    }
    Files.move(fresh, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  private static void raw(DataOutputStream out, String raw) throws IOException {
    byte[] bytes = Raw.bytes(raw);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static void stat(DataOutputStream out, Stat stat) throws IOException {
    out.writeInt(stat.mode());
    out.writeLong(stat.inode());
    out.writeLong(stat.size());
    out.writeLong(stat.blocks());
    out.writeLong(stat.mtime());
    out.writeLong(stat.ctime());
    out.writeLong(stat.device());
  }

  /** Reads a state's label and count without its entries. */
  static Manifest head(Path file) throws IOException {
    try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      return head(in, file);
    }
  }

  private static Manifest head(DataInputStream in, Path file) throws IOException {
    if (in.readInt() != MAGIC) {
      throw new IOException("checkpoint `%s` is damaged".formatted(file.getFileName()));
    }
    return new Manifest(in.readUTF(), in.readLong(), new TreeMap<>());
  }

  static Manifest read(Path file) throws IOException {
    try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      Manifest head = head(in, file);
      var entries = new TreeMap<String, Entry>();
      for (int left = in.readInt(); left > 0; left--) {
        String path = raw(in);
        String data = raw(in);
        entries.put(path, new Entry(stat(in), data));
      }
      return new Manifest(head.label(), head.changedPaths(), entries);
    }
  }

  private static String raw(DataInputStream in) throws IOException {
    return Raw.of(in.readNBytes(in.readInt()));
  }

  private static Stat stat(DataInputStream in) throws IOException {
    return new Stat(
        in.readInt(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong());
  }
}
