package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.WorkbenchException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Firecracker's interface: HTTP/1.1 with JSON over one connection to its socket, which stays open.
 * Firecracker itself may have been taken over by what runs in it, so an answer is bounded and
 * nothing in it is acted on but its status.
 */
final class FirecrackerApi implements AutoCloseable {
  private static final String NAME = "firecracker";
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3})( .*)?");
  private static final String LENGTH = "content-length:";
  private static final int LONGEST_LINE = 4096;
  private static final int MOST_HEADERS = 32;
  private static final int LONGEST_BODY = 64 << 10;
  private static final int LONGEST_FAULT = 400;
  private static final int DONE = 204;
  private static final int FOUND = 200;
  private static final JsonMapper JSON = JsonMapper.shared();

  private final MonitorSocket socket;
  private final Duration limit;

  /**
   * Takes over a connection.
   *
   * @param limit on each request
   */
  FirecrackerApi(SocketChannel socket, Duration limit) throws IOException {
    this.socket = new MonitorSocket(NAME, socket);
    this.limit = limit;
  }

  /** An answer's status, and its body, which is empty when there is none. */
  private record Answer(int status, byte[] body) {}

  /**
   * Sets something, or does it.
   *
   * @throws WorkbenchException when Firecracker refuses, with its words
   */
  void put(String path, Map<String, ?> body) throws IOException {
    expect(DONE, "PUT", path, JSON.writeValueAsBytes(body));
  }

  /** Changes something. */
  void patch(String path, Map<String, ?> body) throws IOException {
    expect(DONE, "PATCH", path, JSON.writeValueAsBytes(body));
  }

  /** Asks for something. */
  JsonNode get(String path) throws IOException {
    return parse(expect(FOUND, "GET", path, new byte[0]).body())
        .orElseThrow(() -> new WorkbenchException(NAME + " said what is not JSON"));
  }

  private Answer expect(int status, String method, String path, byte[] body) throws IOException {
    long deadline = MonitorSocket.deadline(limit);
    socket.say(request(method, path, body), deadline);
    Answer answer = hear(deadline);
    if (answer.status() != status) {
      throw new WorkbenchException(
          "firecracker refused `%s %s` (status %d): %s"
              .formatted(method, path, answer.status(), fault(answer.body())));
    }
    return answer;
  }

  private static byte[] request(String method, String path, byte[] body) {
    var head = new StringBuilder();
    head.append(method).append(' ').append(path).append(" HTTP/1.1\r\n");
    head.append("Host: localhost\r\nAccept: application/json\r\n");
    if (body.length > 0) {
      head.append("Content-Type: application/json\r\n");
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    var request = new ByteArrayOutputStream();
    request.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    request.writeBytes(body);
    return request.toByteArray();
  }

  private Answer hear(long deadline) throws IOException {
    Matcher status = STATUS.matcher(line(deadline));
    if (!status.matches()) {
      throw new WorkbenchException(NAME + " said what is not HTTP");
    }
    int length = 0;
    for (int i = 0; i < MOST_HEADERS; i++) {
      String header = line(deadline).toLowerCase(Locale.ROOT);
      if (header.isEmpty()) {
        return new Answer(Integer.parseInt(status.group(1)), socket.bytes(length, deadline));
      }
      if (header.startsWith("transfer-encoding:")) {
        throw new WorkbenchException(NAME + " sends a body in parts: it must say its length");
      }
      if (header.startsWith(LENGTH)) {
        length = length(header.substring(LENGTH.length()).strip());
      }
    }
    throw new WorkbenchException("%s said more than `%d` headers".formatted(NAME, MOST_HEADERS));
  }

  private String line(long deadline) throws IOException {
    return new String(socket.line(LONGEST_LINE, deadline), StandardCharsets.ISO_8859_1)
        .stripTrailing();
  }

  private static int length(String text) {
    if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) > LONGEST_BODY) {
      throw new WorkbenchException(
          "%s announced a body of `%s` bytes: at most %d are allowed"
              .formatted(NAME, words(text), LONGEST_BODY));
    }
    return Integer.parseInt(text);
  }

  /** Its reason, harmless to read. */
  private static String fault(byte[] body) {
    String text = parse(body).map(b -> b.path("fault_message").asString("")).orElse("");
    return text.isEmpty() ? "it gave no reason" : words(text);
  }

  private static String words(String text) {
    return text.substring(0, Math.min(text.length(), LONGEST_FAULT)).replaceAll("\\p{Cntrl}", " ");
  }

  private static Optional<JsonNode> parse(byte[] body) {
    try {
      return Optional.of(JSON.readTree(body)).filter(JsonNode::isObject);
    } catch (JacksonException notJson) {
      return Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
