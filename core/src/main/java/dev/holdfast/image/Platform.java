package dev.holdfast.image;

import java.util.Locale;

/**
 * What machines an image is for, in the words of image indexes.
 *
 * @param os for example {@code linux}
 * @param architecture for example {@code amd64}
 * @param variant for example {@code v8}; empty when it does not matter
 */
public record Platform(String os, String architecture, String variant) {
  /** This machine's; workbenches are always Linux. */
  public static Platform ofHost() {
    String name = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    String architecture =
        switch (name) {
          case "x86_64", "amd64" -> "amd64";
          case "aarch64" -> "arm64";
          default -> name;
        };
    return new Platform("linux", architecture, "");
  }

  /** Whether an image for {@code offered} runs here; an unnamed variant is the common one. */
  public boolean accepts(Platform offered) {
    return os.equals(offered.os)
        && architecture.equals(offered.architecture)
        && (variant.isEmpty() || offered.variant.isEmpty() || variant.equals(offered.variant));
  }

  @Override
  public String toString() {
    return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
  }
}
