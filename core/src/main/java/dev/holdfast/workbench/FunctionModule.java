package dev.holdfast.workbench;

import dev.holdfast.digest.Sha256;

/**
 * A WebAssembly module in its binary form.
 *
 * @param name what it is called in messages, and its argument 0
 * @param sha256 the digest of {@code bytes}, 64 hexadecimal digits
 */
public record FunctionModule(String name, byte[] bytes, String sha256) {
  /** More than tools need; what it compiles to takes some hundred times as much memory. */
  public static final int MOST_BYTES = 8 << 20;

  public FunctionModule {
    if (bytes.length > MOST_BYTES) {
      throw new IllegalArgumentException(
          "module `%s` has `%d` bytes: at most %d are allowed"
              .formatted(name, bytes.length, MOST_BYTES));
    }
    bytes = bytes.clone();
    var actual = Sha256.hex(bytes);
    if (!actual.equals(sha256)) {
      throw new IllegalArgumentException(
          "module `%s` has the SHA-256 `%s`: it must be `%s`".formatted(name, actual, sha256));
    }
  }

  /** A module whose digest nobody has written down. */
  public static FunctionModule of(String name, byte[] bytes) {
    return new FunctionModule(name, bytes, Sha256.hex(bytes));
  }
}
