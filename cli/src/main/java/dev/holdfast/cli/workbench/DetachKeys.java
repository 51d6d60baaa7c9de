package dev.holdfast.cli.workbench;

import dev.holdfast.cli.server.WebSocket;
import dev.holdfast.cli.terminal.RawTerminal;
import dev.holdfast.workbench.ExecSpec.TerminalSize;
import java.io.IOException;

/**
 * Keys on their way to a program, among them those with which a person leaves it: Ctrl-P, then
 * Ctrl-Q. A Ctrl-P is held back until the next key says what it was.
 */
final class DetachKeys implements RawTerminal.Far {
  private static final byte FIRST = 0x10;
  private static final byte SECOND = 0x11;

  private final RawTerminal.Far far;
  private final WebSocket socket;
  private boolean held;
  private volatile boolean pressed;

  DetachKeys(RawTerminal.Far far, WebSocket socket) {
    this.far = far;
    this.socket = socket;
  }

  /** Whether the person has left. */
  boolean pressed() {
    return pressed;
  }

  @Override
  public void keys(byte[] keys, int length) throws IOException {
    var passed = new byte[length + 1];
    int count = 0;
    for (int i = 0; i < length; i++) {
      if (held && keys[i] == SECOND) {
        pressed = true;
        far.keys(passed, count);
        socket.close();
        return;
      }
      if (held) {
        passed[count++] = FIRST;
      }
      held = keys[i] == FIRST;
      if (!held) {
        passed[count++] = keys[i];
      }
    }
    far.keys(passed, count);
  }

  @Override
  public void resize(TerminalSize size) throws IOException {
    far.resize(size);
  }
}
