package dev.holdfast.image.unpack;

import dev.holdfast.image.ImageException;
import java.util.function.LongSupplier;

/** What of an image's limits is left, and the ratio of the layer that is being unpacked. */
final class Allowance {
  private final UnpackLimits limits;
  private long bytes;
  private long entries;
  private long layerBytes;
  private LongSupplier compressed = () -> Long.MAX_VALUE;

  Allowance(UnpackLimits limits) {
    this.limits = limits;
  }

  /**
   * The next layer begins.
   *
   * @param read how many compressed bytes of it have been read so far
   */
  void layer(LongSupplier read) {
    layerBytes = 0;
    compressed = read;
  }

  void entry() {
    entries++;
    if (entries > limits.entries()) {
      throw new ImageException(
          "the image is not allowed: it has more than %d entries".formatted(limits.entries()));
    }
  }

  /** Said before anything of the file is written. */
  void file(TarEntry entry) {
    if (entry.size() > limits.fileBytes()) {
      throw new ImageException(
          "`%s` of the image is not allowed: it has more than %d bytes"
              .formatted(entry, limits.fileBytes()));
    }
  }

  void written(int count) {
    bytes += count;
    if (bytes > limits.totalBytes()) {
      throw new ImageException(
          "the image is not allowed: unpacked it has more than %d bytes"
              .formatted(limits.totalBytes()));
    }
  }

  /** Called for every byte that comes out of the decompression, headers and padding too. */
  void decompressed(int count) {
    layerBytes += count;
    long read = compressed.getAsLong();
    if (layerBytes > limits.freeBytes() && layerBytes / limits.ratio() > read) {
      throw new ImageException(
          "a layer is not allowed: it becomes more than %d times as large when unpacked"
              .formatted(limits.ratio()));
    }
  }

  long bytes() {
    return bytes;
  }

  long entries() {
    return entries;
  }
}
