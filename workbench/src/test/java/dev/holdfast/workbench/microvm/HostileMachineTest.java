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
        .hasMessageContaining("ended before it answered");
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

  private Keeper keeper() {
    return new Keeper(host, SOON);
  }

  private static byte[] message(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).array();
  }

  @Test
  void aMachineThatIsNeverQuietIsGivenUp() {
    assertThatThrownBy(() -> keeper().quiet())
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining("did not answer in time");
  }

  @Test
  void aMachineThatSaysWhyItIsNotQuietIsHeard() throws IOException {
    says(message("!the programs do not stand still"));
    assertThatThrownBy(() -> keeper().quiet())
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining("did not come to rest: !the programs do not stand still");
  }

  /** It may have fallen quiet just when that was given up, and may go on as it should. */
  @Test
  void aLateAnswerIsNotTakenForTheNext() throws IOException {
    says(message("quiet"));
    says(message("going"));
    keeper().goOn();
    says(message("quiet"));
    says(message("quiet"));
    assertThatThrownBy(() -> keeper().goOn()).hasMessageContaining("did not come to rest: quiet");
  }

  @Test
  void aFloodInPlaceOfAnAnswerIsRefused() throws IOException {
    says(new byte[] {0x40, 0, 0, 0, 1, 2, 3});
    assertThatThrownBy(() -> keeper().quiet()).hasMessageContaining("at most 1024");
  }

  private void savesNoFiles(String why) {
    assertThatThrownBy(() -> new FileSession(host, SOON).save(directory.resolve("session")))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining(why);
  }

  @Test
  void aFileServerThatIsAmidSomethingSavesNothing() throws IOException {
    says("busy\n");
    savesNoFiles("did not save");
  }

  @Test
  void aSessionBeyondTheLimitIsRefusedUnread() throws IOException {
    says("saved 99999999\n");
    savesNoFiles("at most 67108864");
  }

  @Test
  void aSessionThatEndsEarlyIsRefused() throws IOException {
    says("saved 10\nhalf");
    machine.shutdownOutput();
    savesNoFiles("has ended");
  }

  @Test
  void aSessionThatDoesNotComeIsRefused() throws IOException {
    says("saved 10\nhalf");
    savesNoFiles("did not answer in time");
  }

  @Test
  void aStateThatDoesNotEndIsBoundedInBytesAndTime() throws IOException {
    var socket = new MonitorSocket("qemu", host);
    says("x".repeat(2000));
    assertThatThrownBy(() -> socket.rest(1000, MonitorSocket.deadline(SOON)))
        .hasMessageContaining("more than `1000` bytes");
    assertThatThrownBy(() -> socket.rest(100_000, MonitorSocket.deadline(SOON)))
        .hasMessageContaining("did not answer in time");
  }
}
