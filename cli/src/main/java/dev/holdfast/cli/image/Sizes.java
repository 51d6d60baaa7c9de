package dev.holdfast.cli.image;

/** Sizes for people. */
public final class Sizes {
  private Sizes() {}

  /** A number of bytes with a unit that suits it. */
  public static String text(long bytes) {
    if (bytes < 1 << 10) {
      return bytes + " B";
    }
    return bytes < 1 << 20
        ? "%.1f KiB".formatted(bytes / 1024.0)
        : "%.1f MiB".formatted(bytes / 1048576.0);
  }
}
