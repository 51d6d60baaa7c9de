package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.WorkbenchId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The socket at which a sandbox takes the orders of {@code runsc}: one JSON object for a call, one
 * for its answer. An order given here saves the start of a program. What answers may be a sandbox
 * that somebody has got hold of: its words are bounded in time and size, and mean no more than what
 * {@code runsc} would make of them.
 */
record GvisorControl(Layout layout, WorkbenchId id) {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int MOST_BYTES = 64 << 10;

  /** What a build answers that does not know the call. */
  private static final String UNKNOWN = "unknown method";

  /**
   * Calls a method of gVisor's.
   *
   * @return its result; empty when this build has no such socket or method
   * @throws IOException when the sandbox refuses, or does not answer
   */
  Optional<JsonNode> call(String method, JsonNode argument) throws IOException {
    Path name = layout.runtime(id).resolve("runsc-" + id + ".sock");
    if (!Files.exists(name)) {
      return Optional.empty();
    }
    ObjectNode call = JSON.createObjectNode().put("method", method);
    call.set("arg", argument);
    JsonNode answer;
    try (SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      Doorway.use(name, layout, id, socket::connect);
      answer = exchange(socket, JSON.writeValueAsBytes(call));
    }
    if (answer.path("success").asBoolean(false)) {
      return Optional.of(answer.path("result"));
    }
    String reason = answer.path("err").asString("");
    if (reason.equals(UNKNOWN)) {
      return Optional.empty();
    }
    throw new IOException("the sandbox refuses `%s`: %s".formatted(method, reason));
  }

  private static JsonNode exchange(SocketChannel socket, byte[] call) throws IOException {
    for (var rest = ByteBuffer.wrap(call); rest.hasRemaining(); ) {
      socket.write(rest);
    }
    socket.configureBlocking(false);
    long deadline = System.nanoTime() + LIMIT.toNanos();
    try (Selector selector = socket.provider().openSelector()) {
      socket.register(selector, SelectionKey.OP_READ);
      var said = new ByteArrayOutputStream();
      var piece = ByteBuffer.allocate(4096);
      while (said.size() < MOST_BYTES) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0 || Thread.interrupted()) {
          throw new IOException("the sandbox did not answer within " + LIMIT);
        }
        selector.select(_ -> {}, left);
        int count = socket.read(piece.clear());
        if (count < 0) {
          throw new IOException("the sandbox hung up");
        }
        said.write(piece.array(), 0, count);
        Optional<JsonNode> whole = whole(said.toByteArray());
        if (whole.isPresent()) {
          return whole.get();
        }
      }
      throw new IOException("the sandbox answers with more than %d bytes".formatted(MOST_BYTES));
    }
  }

  /** An answer has no length before it: it is whole when it reads as an object. */
  private static Optional<JsonNode> whole(byte[] said) {
    if (said.length == 0 || said[said.length - 1] != '}') {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readTree(said));
    } catch (JacksonException partOfIt) {
      return Optional.empty();
    }
  }
}
