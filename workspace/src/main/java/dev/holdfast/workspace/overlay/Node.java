package dev.holdfast.workspace.overlay;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** One entry of an upper directory. */
sealed interface Node {
  Stat stat();

  /** A regular file and where its bytes are. */
  record Regular(Stat stat, Content content) implements Node {}

  /** A symbolic link; {@code target} is raw and never resolved. */
  record Link(Stat stat, String target) implements Node {}

  /** The mark of a name that was deleted from the base. */
  record Whiteout(Stat stat) implements Node {}

  /**
   * A directory, by raw child name in byte order.
   *
   * @param opaque whether the base's directory of the same path is hidden
   */
  record Folder(Stat stat, boolean opaque, SortedMap<String, Node> children) implements Node {
    public Folder {
      children = Collections.unmodifiableSortedMap(new TreeMap<>(children));
    }
  }

  /** A fifo, a socket or a device. */
  record Special(Stat stat) implements Node {}
}
