package dev.holdfast.image.unpack;

import java.nio.charset.StandardCharsets;

/**
 * One entry of a tar file. Names are bytes, kept one to a character: tar knows no encoding.
 *
 * @param size of its content, in bytes
 * @param mode permission bits, 0 to 07777
 * @param modified in seconds since 1970
 * @param linkName what a link leads to; empty for others
 * @param hasAttributes whether it carries extended attributes
 */
record TarEntry(
    String name,
    Kind kind,
    long size,
    int mode,
    long uid,
    long gid,
    long modified,
    String linkName,
    boolean hasAttributes) {
  enum Kind {
    FILE,
    DIRECTORY,
    SYMLINK,
    HARD_LINK,
    /** A device node or named pipe. */
    DEVICE
  }

  /** A name for people to read. */
  static String readable(String name) {
    return new String(name.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return readable(name);
  }
}
