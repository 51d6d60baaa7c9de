package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.WorkbenchException;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The host's word to a file server ({@code guest/share/control.h}). Whoever broke out of the
 * machine may have taken the server over: what it says is bounded, and only servers read it again.
 */
final class FileSession implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int LONGEST_LINE = 32;

  /** Some hundred thousand names. */
  private static final int LARGEST = 64 << 20;

  private final MonitorSocket server;
  private final Duration limit;

  FileSession(SocketChannel control, Duration limit) throws IOException {
    this.limit = limit;
    this.server = new MonitorSocket("the machine's file server", control);
  }

  /**
   * Saves what the server knows of a machine that stands still.
   *
   * @throws WorkbenchException when it does not, or not in time
   */
  void save(Path to) throws IOException {
    long deadline = MonitorSocket.deadline(limit);
    server.say("save\n".getBytes(StandardCharsets.US_ASCII), deadline);
    var line = new String(server.line(LONGEST_LINE, deadline), StandardCharsets.US_ASCII);
    if (!line.matches("saved [0-9]{1,8}")) {
      throw new WorkbenchException("the machine's file server did not save what it knows");
    }
    int length = Integer.parseInt(line.substring("saved ".length()));
    if (length > LARGEST) {
      throw new WorkbenchException(
          "the machine knows too many files: `%d` bytes of at most %d".formatted(length, LARGEST));
    }
    Files.write(to, server.bytes(length, deadline));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
