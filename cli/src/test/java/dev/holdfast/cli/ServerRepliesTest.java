package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Replies of a server that has no patience, or ends. */
@Timeout(60)
class ServerRepliesTest {
  private static final String REFUSAL =
      "{\"error\": {\"code\": \"not_found\", \"message\": \"there is none\"}}";

  @TempDir Path home;

  /** A command that sends much to a server which reads nothing, says {@code words} and closes. */
  private Cli sendTo(String words) throws IOException {
    var socket = Files.createDirectory(home.resolve("server")).resolve("api.sock");
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      Thread.startVirtualThread(() -> serve(server, words));
      var environment = Map.of("HOLDFAST_HOME", home.toString());
      var much = "x".repeat(4 << 20);
      return Cli.run(environment, "workbench", "exec", "w", "--detach", "--", "echo", much);
    }
  }

  private static void serve(ServerSocketChannel server, String words) {
    while (server.isOpen()) {
      try (var client = server.accept()) {
        client.write(ByteBuffer.wrap(words.getBytes(StandardCharsets.US_ASCII)));
      } catch (IOException over) {
        // The next one, or the test has ended.
      }
    }
  }

  @Test
  void aRefusalOfWhatWasNotReadIsTold() throws IOException {
    var cli =
        sendTo(
            "HTTP/1.1 404 Not Found\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(REFUSAL.length(), REFUSAL));
    assertThat(cli.err()).isEqualTo("holdfast: there is none\n");
    assertThat(cli.code()).isEqualTo(1);
  }

  @Test
  void aServerThatEndsIsNoDefect() throws IOException {
    var cli = sendTo("");
    assertThat(cli.err()).contains("ended before it answered");
    assertThat(cli.code()).isEqualTo(1);
  }
}
