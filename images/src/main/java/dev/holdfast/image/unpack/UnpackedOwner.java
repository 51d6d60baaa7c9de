package dev.holdfast.image.unpack;

import dev.holdfast.image.ImageException;
import dev.holdfast.workbench.AgentIds;

/** Whose an unpacked file is on the host: nobody's who lives there. */
final class UnpackedOwner {
  /** Root inside. */
  static final int ROOT = AgentIds.FIRST;

  private UnpackedOwner() {}

  static int of(long inside, TarEntry entry) {
    if (inside < 0 || inside >= AgentIds.COUNT) {
      throw new ImageException(
          "owner `%d` of `%s` is not allowed: users and groups are 0 to %d"
              .formatted(inside, entry, AgentIds.COUNT - 1));
    }
    return AgentIds.FIRST + (int) inside;
  }
}
