package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.WorkbenchException;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * QEMU's control socket: one JSON object a line each way. QEMU itself may have been taken over by
 * what runs in it, so lines are bounded and nothing in them is acted on but a known answer.
 */
final class Qmp implements AutoCloseable {
  private static final int LONGEST_LINE = 1 << 20;
  private static final int MOST_EVENTS = 1000;
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final JsonMapper JSON = JsonMapper.shared();

  private final MonitorSocket socket;

  /** Takes over the socket and leaves the mode in which only capabilities are negotiated. */
  Qmp(SocketChannel socket) throws IOException {
    this.socket = new MonitorSocket("qemu", socket);
    var _ = line(deadline());
    command("qmp_capabilities", Map.of());
  }

  /**
   * Does one thing and returns what QEMU answers.
   *
   * @throws WorkbenchException when QEMU refuses
   */
  JsonNode command(String name, Map<String, ?> arguments) throws IOException {
    byte[] text = JSON.writeValueAsBytes(Map.of("execute", name, "arguments", arguments));
    long deadline = deadline();
    socket.say(text, deadline);
    for (int i = 0; i < MOST_EVENTS; i++) {
      JsonNode answer = parse(line(deadline));
      if (answer.has("return")) {
        return answer.get("return");
      }
      if (answer.has("error")) {
        throw new WorkbenchException(
            "qemu refused `%s`: %s".formatted(name, answer.get("error").path("desc").asString("")));
      }
    }
    throw new WorkbenchException("qemu did not answer `%s`".formatted(name));
  }

  /** Memory that is shared with a file stays there, and is not part of the state. */
  void ignoreSharedMemory() throws IOException {
    command(
        "migrate-set-capabilities",
        Map.of("capabilities", List.of(Map.of("capability", "x-ignore-shared", "state", true))));
  }

  /** Waits until a state that was asked for is written out. */
  void awaitMigrated() throws IOException {
    long deadline = deadline();
    while (System.nanoTime() < deadline) {
      String status = command("query-migrate", Map.of()).path("status").asString("");
      if (status.equals("completed")) {
        return;
      }
      if (status.equals("failed") || status.equals("cancelled")) {
        throw new WorkbenchException("qemu could not write the machine's state");
      }
      LockSupport.parkNanos(1_000_000);
    }
    throw new WorkbenchException("qemu did not write the machine's state in time");
  }

  /** Waits until a state that was to be gone on from is read; the machine stands still. */
  void awaitLoaded() throws IOException {
    long deadline = deadline();
    while (System.nanoTime() < deadline) {
      String status = command("query-status", Map.of()).path("status").asString("");
      if (status.equals("paused")) {
        return;
      }
      if (!status.equals("inmigrate")) {
        throw new WorkbenchException("qemu could not go on from the machine's state: " + status);
      }
      LockSupport.parkNanos(1_000_000);
    }
    throw new WorkbenchException("qemu did not read the machine's state in time");
  }

  private static JsonNode parse(byte[] line) {
    try {
      return JSON.readTree(line);
    } catch (JacksonException e) {
      throw new WorkbenchException("qemu said what is not JSON", e);
    }
  }

  private static long deadline() {
    return MonitorSocket.deadline(LIMIT);
  }

  private byte[] line(long deadline) throws IOException {
    return socket.line(LONGEST_LINE, deadline);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
