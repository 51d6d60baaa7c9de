package dev.holdfast.workbench.guest;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A byte stream to a guest. One thread reads and one writes at a time; any may close. */
public interface Transport extends Closeable {
  /** Waits for at least one byte and appends what there is; -1 at the end. */
  int read(ByteBuffer into) throws IOException;

  /** Writes all of it. Not disturbed by an interrupt of the calling thread. */
  void write(ByteBuffer from) throws IOException;
}
