package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.WorkbenchException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The first program of a machine whose memory can be saved ({@code guest/machine/keeper.c}), over a
 * port of its own. It is root inside, where the agent cannot reach it; a machine that was taken
 * over can say anything here, and gains nothing by it.
 *
 * @param limit of each answer
 */
record Keeper(SocketChannel port, Duration limit) implements AutoCloseable {
  /** Longer than the keeper itself waits for programs to stand still and files to be written. */
  static final Duration LIMIT = Duration.ofSeconds(20);

  /**
   * Holds all programs still, has what waits in memory written to the host's files, and lets
   * nothing be on its way between machine and host.
   *
   * @throws WorkbenchException when that does not come about in time: it is to be undone then
   */
  void quiet() throws IOException {
    order("q", new byte[0], "quiet");
  }

  /** Undoes {@link #quiet}, however far it got. */
  void goOn() throws IOException {
    MachinePort.say(port, "g".getBytes(StandardCharsets.US_ASCII));
    String said = hear();
    // The answer to an order that nobody waits for any more may have been under way.
    if (!said.equals("going")) {
      said = hear();
    }
    require("going", said);
  }

  /** Makes a machine that goes on another one. */
  void renew(byte[] identity) throws IOException {
    order("i", identity, "");
  }

  private void order(String word, byte[] with, String answer) throws IOException {
    var message = new ByteArrayOutputStream();
    message.writeBytes(word.getBytes(StandardCharsets.US_ASCII));
    message.writeBytes(with);
    MachinePort.say(port, message.toByteArray());
    require(answer, hear());
  }

  private String hear() throws IOException {
    return MachinePort.words(MachinePort.hear(port, limit));
  }

  private static void require(String answer, String said) {
    if (!said.equals(answer)) {
      throw new WorkbenchException("the machine did not come to rest: " + said);
    }
  }

  @Override
  public void close() throws IOException {
    port.close();
  }
}
