package dev.holdfast.workbench;

import java.nio.file.Path;

/** A directory or file of the host that is visible inside a workbench. */
public record Mount(Path source, String target, Access access) {
  /** Whether the inside may write. */
  public enum Access {
    READ_ONLY,
    READ_WRITE
  }

  public Mount {
    if (!source.isAbsolute() || !target.startsWith("/") || target.contains("..")) {
      throw new IllegalArgumentException(
          "mount `%s` at `%s` is not allowed: both must be absolute and without `..`"
              .formatted(source, target));
    }
  }
}
