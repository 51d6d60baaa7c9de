package dev.holdfast.workbench.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.WorkbenchException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RelayTest {
  private static final int PORT = 8080;
  private RealGuest real;
  private ServerSocketChannel service;
  private Path socket;

  @BeforeEach
  void start() throws IOException {
    real = RealGuest.startWithLoopback();
    socket = real.root.resolve("service");
    service = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    service.bind(UnixDomainSocketAddress.of(socket));
    Thread.startVirtualThread(this::serve);
  }

  @AfterEach
  void stop() throws IOException {
    real.close();
    service.close();
  }

  private void serve() {
    try {
      while (true) {
        SocketChannel client = service.accept();
        Thread.startVirtualThread(() -> echo(client));
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  /** Sends back what it gets, and its length when the client has said all. */
  private static void echo(SocketChannel client) {
    try (client) {
      var in = Channels.newInputStream(client);
      var out = Channels.newOutputStream(client);
      var bytes = new byte[10_000];
      long sum = 0;
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        out.write(bytes, 0, n);
        sum += n;
      }
      out.write(("|" + sum).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    } catch (IOException e) {
      // The client went away, as some do.
    }
  }

  private ExecResult python(String script) {
    return real.guest.exec(
        ExecSpec.of(List.of("python3", "-c", "import socket,threading\n" + script), Caps.DEFAULT)
            .withDirectory("/"));
  }

  @Test
  void carriesBothDirectionsAndHalfCloses() throws Exception {
    try (var relay = real.guest.relay(PORT, socket)) {
      ExecResult result =
          python(
              """
              def once(n):
                s = socket.create_connection(('127.0.0.1', 8080))
                data = bytes(range(256)) * n
                threading.Thread(target=lambda: (s.sendall(data), s.shutdown(1))).start()
                got = b''
                while True:
                  part = s.recv(65536)
                  if not part: break
                  got += part
                assert got == data + b'|%d' % len(data), (len(got), len(data))
              threads = [threading.Thread(target=once, args=(n,)) for n in [0, 1, 7, 40, 8000, 20000] * 5]
              for t in threads: t.start()
              for t in threads: t.join()
              print('all carried')
              """);
      assertThat(result.stderrText()).isEmpty();
      assertThat(result.stdoutText()).isEqualTo("all carried\n");
    }
    assertThat(python("socket.create_connection(('127.0.0.1', 8080))").stderrText())
        .contains("ConnectionRefusedError");
  }

  @Test
  void aServiceThatIsNotThereEndsTheConnectionOnly() throws Exception {
    try (var relay = real.guest.relay(PORT, real.root.resolve("nobody"))) {
      ExecResult result = python("print(socket.create_connection(('127.0.0.1', 8080)).recv(10))");
      assertThat(result.stdoutText()).isEqualTo("b''\n");
      assertThat(real.guest.alive()).isTrue();
    }
  }

  @Test
  void aFloodOfConnectionsLeavesTheGuestAlive() throws Exception {
    try (var relay = real.guest.relay(PORT, socket)) {
      ExecResult result =
          python(
              """
              held = []
              for i in range(600):
                s = socket.create_connection(('127.0.0.1', 8080)); s.settimeout(5)
                held.append(s)
              print('held', len(held))
              """);
      assertThat(result.stdoutText()).isEqualTo("held 600\n");
      assertThat(real.guest.alive()).isTrue();
    }
  }

  @Test
  void refusesAPortThatIsTaken() throws Exception {
    try (var relay = real.guest.relay(PORT, socket)) {
      assertThatThrownBy(() -> real.guest.relay(PORT, socket))
          .isInstanceOf(WorkbenchException.class)
          .hasMessageContaining("Address already in use");
    }
  }

  @Test
  void saysSoWhereTheLoopbackInterfaceIsDown() {
    try (var isolated = RealGuest.start()) {
      assertThatThrownBy(() -> isolated.guest.relay(PORT, socket))
          .isInstanceOf(WorkbenchException.class)
          .hasMessageContaining("Network is down");
    }
  }
}
