package dev.holdfast.cli.workbench;

import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Terminal;
import dev.holdfast.cli.server.ApiClient;
import dev.holdfast.cli.server.WebSocket;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.JsonNode;

/** A program that runs in a workbench while this process waits: its input, output and end. */
final class RemoteProgram {
  /** What may be under way before the server gives more: {@code docs/design/server.md}. */
  private static final int WINDOW = 256 << 10;

  private static final int PIECE = 32 << 10;
  private static final int STDOUT = 1;

  private final WebSocket socket;
  private final Terminal terminal;
  private final Semaphore credit = new Semaphore(WINDOW);

  RemoteProgram(WebSocket socket, Terminal terminal) {
    this.socket = socket;
    this.terminal = terminal;
  }

  /**
   * Starts it and waits for its end.
   *
   * @return what to exit with
   */
  int run(Map<String, Object> request) throws IOException {
    try (var interruption = SignalPassing.to(socket)) {
      begin(request);
      Thread.ofPlatform().daemon().name("stdin").start(this::carryInput);
      int code = carryOutput();
      interruption.ended(code);
      return code;
    }
  }

  private void begin(Map<String, Object> request) {
    try {
      socket.send(request);
    } catch (IOException refused) {
      // The server has closed the stream and said why: that is what is read next.
    }
  }

  private void carryInput() {
    var bytes = new byte[PIECE];
    try {
      for (int count = System.in.read(bytes); count >= 0; count = System.in.read(bytes)) {
        credit.acquire(count);
        socket.send(bytes, count);
      }
      socket.send(Map.of("end_of_input", true));
    } catch (IOException over) {
      // The program has ended, or the server: whoever reads its words finds out.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int carryOutput() {
    while (true) {
      switch (receive()) {
        case WebSocket.Message.Bytes(byte[] bytes) -> write(bytes);
        case WebSocket.Message.Text(JsonNode said) -> {
          var end = said.path("end");
          if (!end.isMissingNode()) {
            return end(end);
          }
          var failure = ApiClient.failure(said);
          if (failure.isPresent()) {
            throw failure.get();
          }
          credit.release(said.path("credit").asInt(0));
        }
      }
    }
  }

  private WebSocket.Message receive() {
    try {
      var message = socket.receive();
      if (message != null) {
        return message;
      }
      throw new CommandFailure(ExitCode.FAILED, "the server closed the stream");
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.FAILED, "the server ended while the command ran", e);
    }
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
