package dev.holdfast.workbench.docker;

import dev.holdfast.workbench.WorkbenchException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The calls of Podman's own interface, which the client library does not have. It is on the same
 * socket as Docker's.
 */
final class Libpod {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);
  private static final int LONGEST_ANSWER = 1 << 20;
  private static final String HEAD_END = "\r\n\r\n";

  private final Path socket;
  private final String version;

  /**
   * @param version of Podman, which is that of its interface too
   */
  Libpod(Path socket, String version) {
    this.socket = socket;
    this.version = version.replaceFirst("-.*", "");
  }

  /**
   * Makes a container.
   *
   * @throws WorkbenchException when Podman refuses, with its reason
   */
  JsonNode create(Map<String, Object> container) throws IOException {
    String answer = post("containers/create", JSON.writeValueAsBytes(container));
    int head = answer.indexOf(HEAD_END);
    if (head < 0) {
      throw new IOException("podman's answer has no end");
    }
    JsonNode body = JSON.readTree(answer.substring(head + HEAD_END.length()));
    if (!answer.startsWith("HTTP/1.0 201 ")) {
      throw new WorkbenchException(
          "podman refuses the container: " + body.path("message").asString(""));
    }
    return body;
  }

  /** In the first version of HTTP the end of the answer is that of the connection. */
  private String post(String path, byte[] body) throws IOException {
    String head =
        """
        POST /v%s/libpod/%s HTTP/1.0
        Host: podman
        Content-Type: application/json
        Content-Length: %d

        """
            .formatted(version, path, body.length)
            .replace("\n", "\r\n");
    try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      var watchdog = Watchdog.closing(channel, ANSWER_LIMIT);
      try {
        var request = new ByteArrayOutputStream();
        request.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(body);
        var bytes = ByteBuffer.wrap(request.toByteArray());
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        byte[] answer = Channels.newInputStream(channel).readNBytes(LONGEST_ANSWER);
        return new String(answer, StandardCharsets.UTF_8);
      } finally {
        watchdog.stop();
      }
    }
  }
}
