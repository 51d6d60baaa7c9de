package dev.holdfast.image.unpack;

import dev.holdfast.image.ImageException;
import java.util.ArrayList;
import java.util.List;

/**
 * Where an entry belongs: a directory, and a name in it.
 *
 * @param parent without a slash at either end; empty for the root
 * @param name empty for the root itself
 */
record Place(String parent, String name) {
  private static final int LONGEST_PATH = 4095;
  private static final int LONGEST_NAME = 255;

  /**
   * Reads a path of a tar file. A leading slash means nothing there, and a path that climbs is not
   * one that an honest tool has written.
   */
  static Place of(String path) {
    if (path.length() > LONGEST_PATH || path.indexOf(0) >= 0) {
      throw wrong(path, "at most 4095 bytes without NUL");
    }
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        throw wrong(path, "`..` could lead out of the image");
      }
      if (part.length() > LONGEST_NAME) {
        throw wrong(path, "a name has at most 255 bytes");
      }
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return parts.isEmpty()
        ? new Place("", "")
        : new Place(String.join("/", parts.subList(0, parts.size() - 1)), parts.getLast());
  }

  private static ImageException wrong(String path, String allowed) {
    String shown = path.length() > 200 ? path.substring(0, 200) + "…" : path;
    return new ImageException(
        "path `%s` in the image is not allowed: %s".formatted(TarEntry.readable(shown), allowed));
  }

  boolean isRoot() {
    return name.isEmpty();
  }
}
