package dev.holdfast.workbench.microvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.WorkbenchException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a Firecracker that was taken over may answer instead of what it should. */
@Timeout(60)
class HostileFirecrackerTest {
  private static final Duration SOON = Duration.ofMillis(300);

  @TempDir Path directory;
  private FirecrackerApi api;
  private SocketChannel monitor;

  @BeforeEach
  void connect() throws IOException {
    var address = UnixDomainSocketAddress.of(directory.resolve("s"));
    try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(address);
      monitor = SocketChannel.open(address);
      api = new FirecrackerApi(listener.accept(), SOON);
    }
  }

  @AfterEach
  void disconnect() throws IOException {
    api.close();
    monitor.close();
  }

  private void says(String text) throws IOException {
    monitor.write(ByteBuffer.wrap(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8)));
  }

  private void isRefused(String why) {
    assertThatThrownBy(() -> api.put("/vm", Map.of("state", "Paused")))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining(why);
  }

  @Test
  void whatItDidIsDone() throws Exception {
    says("HTTP/1.1 204 \nServer: Firecracker API\nConnection: keep-alive\n\n");
    says("HTTP/1.1 200 \nContent-Type: application/json\nContent-Length: 7\n\n{\"a\":1}");

    api.put("/vm", Map.of("state", "Paused"));
    assertThat(api.get("/version").path("a").asInt()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "QMP; what is not HTTP",
        "HTTP/2 204 ; what is not HTTP",
        "HTTP/1.1 ok; what is not HTTP",
        "HTTP/1.1 200 ; (status 200)",
        "HTTP/1.1 302 ; (status 302)",
      })
  void nothingButItsOwnAnswerCounts(String line, String why) throws Exception {
    says(line + "\n\n");
    isRefused(why);
  }

  @ParameterizedTest
  @CsvSource({
    "Content-Length: 65537, at most 65536 are allowed",
    "Content-Length: 99999999999999999999, at most 65536 are allowed",
    "Content-Length: -1, at most 65536 are allowed",
    "Content-Length: 0x10, at most 65536 are allowed",
    "Transfer-Encoding: chunked, it must say its length",
  })
  void aBodyThatIsNotOfAKnownSmallSizeIsRefused(String header, String why) throws Exception {
    says("HTTP/1.1 204 \n" + header + "\n\n");
    isRefused(why);
  }

  @Test
  void itsReasonIsShownShortAndWithoutControlCharacters() throws Exception {
    String body = "{\"fault_message\":\"\\u001b[2J" + "x".repeat(5000) + "\"}";
    says("HTTP/1.1 400 \nContent-Length: " + body.length() + "\n\n" + body);

    assertThatThrownBy(() -> api.put("/vm", Map.of("state", "Paused")))
        .satisfies(
            refused ->
                assertThat(refused.getMessage())
                    .startsWith("firecracker refused `PUT /vm` (status 400):  [2Jx")
                    .hasSizeLessThan(500));
  }

  @Test
  void silenceEnds() {
    isRefused("did not answer in time");
  }

  @Test
  void halfAnAnswerEnds() throws Exception {
    says("HTTP/1.1 400 \nContent-Length: 20\n\n{");
    isRefused("did not answer in time");
  }

  @Test
  void anEndIsSeen() throws Exception {
    monitor.close();
    assertThatThrownBy(() -> api.get("/version"))
        .isInstanceOfAny(WorkbenchException.class, IOException.class);
  }

  @Test
  void endlessHeadersEnd() throws Exception {
    says("HTTP/1.1 204 \n" + "A: b\n".repeat(100));
    isRefused("more than `32` headers");
  }

  @Test
  void anEndlessLineEnds() throws Exception {
    says("HTTP/1.1 204 " + "x".repeat(10_000));
    isRefused("in one line");
  }

  @Test
  void oneWhoTakesNoRequestEnds() {
    var large = Map.of("boot_args", "x".repeat(8 << 20));
    assertThatThrownBy(() -> api.put("/boot-source", large))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining("did not answer in time");
  }
}
