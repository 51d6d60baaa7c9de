package dev.holdfast.image.store;

import dev.holdfast.image.Digest;
import dev.holdfast.image.format.Document;
import dev.holdfast.image.format.ImageConfig;
import java.time.Instant;

/**
 * An image in the store.
 *
 * @param name the reference that it was pulled by, written out; or the archive that it came from
 * @param digest of its manifest
 * @param used when it was pulled or a workbench was made of it, whichever came last
 */
public record StoredImage(
    String name, Digest digest, Document.Manifest manifest, ImageConfig config, Instant used) {
  /** What its layers take as they were sent, in bytes. */
  public long compressedBytes() {
    return manifest.layers().stream().mapToLong(layer -> layer.size()).sum();
  }
}
