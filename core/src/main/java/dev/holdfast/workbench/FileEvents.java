package dev.holdfast.workbench;

import java.io.IOException;
import java.util.Optional;

/**
 * What happens below a directory, as it happens. Whoever does not take events holds nothing up:
 * some wait, then the rest is one {@link FileEvent.Overflow}.
 */
public interface FileEvents extends AutoCloseable {
  /**
   * Waits for the next event; empty when the directory is no more.
   *
   * @throws IOException when the workbench is gone, or this was closed
   */
  Optional<FileEvent> next() throws IOException, InterruptedException;

  /** Ends it. Idempotent. */
  @Override
  void close();
}
