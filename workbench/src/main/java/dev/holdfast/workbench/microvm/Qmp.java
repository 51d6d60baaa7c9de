package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.WorkbenchException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
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

  private final SocketChannel socket;
  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocate(8192).flip();

  /** Takes over the socket and leaves the mode in which only capabilities are negotiated. */
  Qmp(SocketChannel socket) throws IOException {
    this.socket = socket;
    socket.configureBlocking(false);
    this.selector = socket.provider().openSelector();
    socket.register(selector, SelectionKey.OP_READ);
    line(deadline());
    command("qmp_capabilities", Map.of());
  }

  /**
   * Does one thing and returns what QEMU answers.
   *
   * @throws WorkbenchException when QEMU refuses
   */
  JsonNode command(String name, Map<String, ?> arguments) throws IOException {
    byte[] text = JSON.writeValueAsBytes(Map.of("execute", name, "arguments", arguments));
    ByteBuffer bytes = ByteBuffer.wrap(text);
    long deadline = deadline();
    while (bytes.hasRemaining() && System.nanoTime() < deadline) {
      socket.write(bytes);
    }
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

  private static JsonNode parse(byte[] line) {
    try {
      return JSON.readTree(line);
    } catch (JacksonException e) {
      throw new WorkbenchException("qemu said what is not JSON", e);
    }
  }

  private static long deadline() {
    return System.nanoTime() + LIMIT.toNanos();
  }

  private byte[] line(long deadline) throws IOException {
    var line = new ByteArrayOutputStream();
    while (line.size() < LONGEST_LINE) {
      while (buffer.hasRemaining()) {
        byte next = buffer.get();
        if (next == '\n') {
          return line.toByteArray();
        }
        line.write(next);
      }
      fill(deadline);
    }
    throw new WorkbenchException(
        "qemu said more than `%d` bytes in one line".formatted(LONGEST_LINE));
  }

  private void fill(long deadline) throws IOException {
    buffer.clear();
    int count = socket.read(buffer);
    while (count == 0) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new WorkbenchException("qemu did not answer in time");
      }
      selector.select(_ -> {}, left);
      count = socket.read(buffer);
    }
    if (count < 0) {
      throw new WorkbenchException("qemu has ended");
    }
    buffer.flip();
  }

  @Override
  public void close() throws IOException {
    selector.close();
    socket.close();
  }
}
