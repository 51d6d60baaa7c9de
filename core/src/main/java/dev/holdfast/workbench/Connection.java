package dev.holdfast.workbench;

import java.io.InputStream;
import java.io.OutputStream;

/**
 * A TCP connection to a program inside a workbench. What comes from it is the program's: nothing in
 * it is to be trusted. Reading and writing fail once the workbench is gone.
 */
public interface Connection extends AutoCloseable {
  /** What the program sends; ends when it says no more. */
  InputStream input();

  /**
   * What the program gets; writing waits while it does not read. Closing it tells the program that
   * no more comes, and leaves {@link #input} open.
   */
  OutputStream output();

  /** Breaks it off where it has not ended by itself. Idempotent. */
  @Override
  void close();
}
