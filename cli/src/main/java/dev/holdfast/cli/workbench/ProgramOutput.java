package dev.holdfast.cli.workbench;

import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Terminal;
import dev.holdfast.cli.server.ApiClient;
import dev.holdfast.cli.server.WebSocket;
import java.io.IOException;
import java.io.PrintStream;
import java.util.OptionalInt;
import java.util.function.IntConsumer;
import tools.jackson.databind.JsonNode;

/** What a program in a workbench says, until it or the server has said all. */
final class ProgramOutput {
  private static final int STDOUT = 1;

  private final WebSocket socket;
  private final Terminal terminal;
  private final IntConsumer credit;

  /**
   * @param credit hears how many bytes of input the program has taken
   */
  ProgramOutput(WebSocket socket, Terminal terminal, IntConsumer credit) {
    this.socket = socket;
    this.terminal = terminal;
    this.credit = credit;
  }

  /**
   * Carries it to this process's own output.
   *
   * @return what the program ended with; empty when it goes on
   */
  OptionalInt carry() throws IOException {
    while (true) {
      switch (receive()) {
        case WebSocket.Message.Bytes(byte[] bytes) -> write(bytes);
        case WebSocket.Message.Text(JsonNode said) -> {
          if (!said.path("end").isMissingNode()) {
            return OptionalInt.of(end(said.path("end")));
          }
          if (!said.path("running").isMissingNode()) {
            return OptionalInt.empty();
          }
          hear(said);
        }
      }
    }
  }

  private WebSocket.Message receive() throws IOException {
    var message = socket.receive();
    if (message == null) {
      throw new IOException("the server closed the stream");
    }
    return message;
  }

  private void hear(JsonNode said) {
    var failure = ApiClient.failure(said);
    if (failure.isPresent()) {
      throw failure.get();
    }
    long missed = said.path("missed").asLong(0);
    if (missed > 0) {
      terminal.note("holdfast: %d bytes of output were dropped here".formatted(missed));
    }
    credit.accept(said.path("credit").asInt(0));
  }

  /** The words for a stream that broke off. */
  static CommandFailure lost(IOException cause) {
    return new CommandFailure(ExitCode.FAILED, "the server ended while the command ran", cause);
  }

  private void write(byte[] bytes) {
    PrintStream to = bytes[0] == STDOUT ? terminal.out() : terminal.err();
    to.write(bytes, 1, bytes.length - 1);
    to.flush();
  }

  private int end(JsonNode end) {
    if (!end.path("own").asBoolean(false)) {
      terminal.note("holdfast: " + Terminal.safe(end.path("message").asString("")));
    }
    return end.path("exit_code").asInt(ExitCode.FAILED.number());
  }
}
