package dev.holdfast.image.store;

import dev.holdfast.image.Digest;
import dev.holdfast.image.ImageException;
import dev.holdfast.image.format.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Where one image comes from. What it gives is checked by whoever takes it. */
public interface ImageSource {
  /**
   * A manifest or index.
   *
   * @param bytes as they were sent
   * @param mediaType what the sender says that it is
   */
  record Raw(byte[] bytes, Optional<String> mediaType) {}

  /**
   * A content, or the rest of it.
   *
   * @param startsAt which byte of the content the stream begins with: what was asked for, or 0
   */
  record Content(InputStream stream, long startsAt) {}

  /** What the image's name leads to. */
  Raw top();

  /** A document that an index names. */
  Raw document(Digest digest);

  /**
   * Opens a configuration or layer.
   *
   * @param offset the first byte that is wanted
   * @throws IOException when trying again may help
   * @throws ImageException when it will not
   */
  Content open(Descriptor content, long offset) throws IOException;
}
