package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client gets that asks wrongly, byte by byte. */
@Timeout(60)
class ApiTest {
  @TempDir Path home;
  private Server server;

  @BeforeEach
  void start() {
    server = Server.start(home, Map.of(), _ -> {});
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String ask(String method, String path, String body) throws IOException {
    var request =
        "%s %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(method, path, body.length(), body);
    return ask(request.getBytes(StandardCharsets.UTF_8));
  }

  private String ask(byte[] request) throws IOException {
    try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
      Thread.startVirtualThread(() -> write(Channels.newOutputStream(channel), request));
      return text(Channels.newInputStream(channel));
    }
  }

  private static void write(OutputStream out, byte[] bytes) {
    try {
      out.write(bytes);
    } catch (IOException refused) {
      // The answer says why.
    }
  }

  private static String text(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  private Path socket() {
    return ServerPlace.in(home).socket();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "GET; /v1/nothing; ''; 404; there is no `GET /v1/nothing`",
        "GET; /v1/workbenches/w-none; ''; 404; there is no workbench `w-none`",
        "DELETE; /v1/workbenches/w-none; ''; 404; there is no workbench `w-none`",
        "POST; /v1/workbenches; ''; 400; not understood",
        "POST; /v1/workbenches; 'null'; 400; it must be an object",
        "POST; /v1/workbenches; '{} {}'; 400; not understood",
        "POST; /v1/workbenches; '{\"layers\":\"gvisor\"}'; 400; there is no field `layers` in it, only [",
        "POST; /v1/workbenches; '[]'; 400; it must be an object",
        "POST; /v1/workbenches; '\"x\"'; 400; it must be an object",
        "POST; /v1/workbenches; '{\"name\":1}'; 400; `name` must be a string",
        "POST; /v1/workbenches; '{\"name\":[]}'; 400; `name` must be a string",
        "POST; /v1/workbenches; '{\"memory_bytes\":\"1\"}'; 400; `memory_bytes` must be a whole number",
        "POST; /v1/workbenches; '{\"memory_bytes\":1.5e9}'; 400; `memory_bytes` must be a whole number",
        "POST; /v1/workbenches; '{\"layer\":\"strong\"}'; 400; layer `strong` is not known",
        "POST; /v1/workbenches; '{\"name\":\"w-x\"}'; 400; workbench name `w-x` is not allowed",
        "POST; /v1/workbenches; '{\"name\":\"../x\"}'; 400; workbench name `../x` is not allowed",
        "POST; /v1/workbenches; '{\"memory_bytes\":1}'; 400; memory of `1` bytes is not allowed",
        "POST; /v1/workbenches; '{\"image\":\"nowhere.example/x\"}'; 400; is not on this machine",
      })
  void whatIsWrongIsSaid(String method, String path, String body, int status, String says)
      throws IOException {
    var answer = ask(method, path, body);
    assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    assertThat(answer).contains("application/json", "\"error\"", says);
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() throws IOException {
    assertThat(ask("POST", "/v1/workbenches", "x".repeat(1_048_577)))
        .startsWith("HTTP/1.1 413 ")
        .contains("more than 1048576 bytes");
  }

  @Test
  void anEndGivesTheStateDirectoryFree() {
    server.close();
    assertThat(socket()).doesNotExist();
    server = Server.start(home, Map.of(), _ -> {});
    assertThat(socket()).exists();
  }

  @Test
  void garbageOnAStreamEndsThatStreamOnly() throws IOException {
    var upgrade =
        """
        GET /v1/workbenches/w-none/exec HTTP/1.1\r
        Host: a\r
        Connection: Upgrade\r
        Upgrade: websocket\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: aG9sZGZhc3QgY2xpZW50IQ==\r
        \r
        """
            .getBytes(StandardCharsets.UTF_8);
    assertThat(ask(upgrade)).startsWith("HTTP/1.1 101 ").contains("there is no workbench `w-none`");
    assertThat(ask("\u0000\u0001garbage\r\n\r\n".getBytes(StandardCharsets.UTF_8)))
        .startsWith("HTTP/1.1 400 ");
    assertThat(ask("GET", "/v1/workbenches", "")).contains("{\"workbenches\":[]}");
  }
}
