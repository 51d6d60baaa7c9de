package dev.holdfast.image.format;

import dev.holdfast.image.Digest;
import dev.holdfast.image.ImageException;
import dev.holdfast.image.Platform;
import java.util.Optional;

/**
 * Names a content and says what it is.
 *
 * @param size in bytes
 * @param platform what it runs on, in an index
 */
public record Descriptor(String mediaType, Digest digest, long size, Optional<Platform> platform) {
  public Descriptor {
    if (size < 0) {
      throw new ImageException("size `%d` of %s is not allowed: below 0".formatted(size, digest));
    }
  }

  public static Descriptor of(String mediaType, Digest digest, long size) {
    return new Descriptor(mediaType, digest, size, Optional.empty());
  }
}
