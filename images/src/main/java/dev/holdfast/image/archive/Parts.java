package dev.holdfast.image.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The files of an archive, by name. */
interface Parts extends AutoCloseable {
  /** Opens a regular file; empty when there is none of that name. */
  Optional<InputStream> open(String name) throws IOException;

  @Override
  void close() throws IOException;
}
