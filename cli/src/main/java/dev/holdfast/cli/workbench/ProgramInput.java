package dev.holdfast.cli.workbench;

import dev.holdfast.cli.server.WebSocket;
import dev.holdfast.cli.terminal.RawTerminal;
import dev.holdfast.workbench.ExecSpec.TerminalSize;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Semaphore;

/** What this process sends to a program in a workbench, as the server gives credit for it. */
final class ProgramInput implements RawTerminal.Far {
  /** What may be under way before the server gives more: {@code docs/design/server.md}. */
  private static final int WINDOW = 256 << 10;

  private static final int PIECE = 32 << 10;

  private final WebSocket socket;
  private final Semaphore credit = new Semaphore(WINDOW);

  ProgramInput(WebSocket socket) {
    this.socket = socket;
  }

  /** The program has taken so many bytes. */
  void give(int bytes) {
    credit.release(bytes);
  }

  /** Sends this process's own input, to its end. */
  void carry() {
    var bytes = new byte[PIECE];
    try {
      for (int count = System.in.read(bytes); count >= 0; count = System.in.read(bytes)) {
        keys(bytes, count);
      }
      socket.send(Map.of("end_of_input", true));
    } catch (IOException over) {
      // The program has ended, or the server: whoever reads its words finds out.
    }
  }

  @Override
  public void keys(byte[] bytes, int length) throws IOException {
    try {
      credit.acquire(length);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while input was sent", e);
    }
    socket.send(bytes, length);
  }

  @Override
  public void resize(TerminalSize size) throws IOException {
    socket.send(Map.of("resize", size(size)));
  }

  static Map<String, Integer> size(TerminalSize size) {
    return Map.of("rows", size.rows(), "columns", size.columns());
  }
}
