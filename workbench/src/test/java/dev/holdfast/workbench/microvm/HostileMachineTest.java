package dev.holdfast.workbench.microvm;

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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a machine, or the monitor that it has taken over, may say instead of what it should. */
@Timeout(60)
class HostileMachineTest {
  private static final Duration SOON = Duration.ofMillis(300);

  @TempDir Path directory;
  private SocketChannel host;
  private SocketChannel machine;

  @BeforeEach
  void connect() throws IOException {
    var address = UnixDomainSocketAddress.of(directory.resolve("s"));
    try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(address);
      machine = SocketChannel.open(address);
      host = listener.accept();
    }
  }

  @AfterEach
  void disconnect() throws IOException {
    host.close();
    machine.close();
  }

  private void says(byte[] bytes) throws IOException {
    machine.write(ByteBuffer.wrap(bytes));
  }

  private void says(String text) throws IOException {
    says(text.getBytes(StandardCharsets.UTF_8));
  }

  private void refusesItsPort(String why) {
    assertThatThrownBy(() -> MachinePort.identify(host, new byte[10], SOON))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining(why);
  }

  @Test
  void aLengthBeyondTheLimitIsRefused() throws IOException {
    says(new byte[] {0x7f, 0, 0, 0});
    refusesItsPort("at most 1024");
  }

  @Test
  void aNegativeLengthIsRefused() throws IOException {
    says(new byte[] {-1, -1, -1, -1});
    refusesItsPort("`-1`");
  }

  @Test
  void silenceEnds() {
    refusesItsPort("did not answer in time");
  }

  @Test
  void halfAMessageEnds() throws IOException {
    says(new byte[] {0, 0, 0, 9, 'x'});
    refusesItsPort("did not answer in time");
  }

  @Test
  void anEndIsSeen() throws IOException {
    machine.close();
    assertThatThrownBy(() -> MachinePort.prepare(host, new byte[10], SOON))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining("ended while it was starting");
  }

  @Test
  void itsComplaintIsShownWithoutControlCharacters() throws IOException {
    says(new byte[] {0, 0, 0, 4, '!', 27, '[', 'H'});
    refusesItsPort("! [H");
  }

  @Test
  void theMonitorMustSpeakJson() throws IOException {
    says("{\"QMP\": {}}\nnonsense\n");
    assertThatThrownBy(() -> new Qmp(host))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining("not JSON");
  }

  @Test
  void theMonitorsLinesAreBounded() throws IOException {
    Thread flood =
        Thread.startVirtualThread(
            () -> {
              try {
                while (true) {
                  says("x".repeat(4096));
                }
              } catch (IOException closed) {
                // The host has had enough.
              }
            });
    assertThatThrownBy(() -> new Qmp(host))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining("in one line");
    host.close();
    machine.close();
    flood.interrupt();
  }

  @Test
  void eventsWithoutAnAnswerEnd() throws IOException {
    says("{\"QMP\": {}}\n" + "{\"event\": \"X\"}\n".repeat(1000));
    assertThatThrownBy(() -> new Qmp(host))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining("did not answer `qmp_capabilities`");
  }
}
