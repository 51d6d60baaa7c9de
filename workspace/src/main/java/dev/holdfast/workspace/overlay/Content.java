package dev.holdfast.workspace.overlay;

import java.io.IOException;

/** Where a file's bytes can be read. */
@FunctionalInterface
interface Content {
  /** Opens them; the caller closes. */
  OpenFile open() throws IOException;
}
