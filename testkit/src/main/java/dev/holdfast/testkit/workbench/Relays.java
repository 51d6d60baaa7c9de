package dev.holdfast.testkit.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.workbench.ExecResult;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Ports inside that lead to sockets of the host. */
interface Relays extends Fixture {
  @Test
  default void aPortInsideLeadsToASocketOfTheHost() throws Exception {
    Path socket = newWorkspace().resolve("service");
    try (var service = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      service.bind(UnixDomainSocketAddress.of(socket));
      Thread.startVirtualThread(() -> echoOnce(service));
      try (var _ = workbench().relay(8080, socket)) {
        ExecResult result =
            python(
                """
                import socket, threading
                s = socket.create_connection(('127.0.0.1', 8080))
                data = bytes(range(256)) * 8000
                threading.Thread(target=lambda: (s.sendall(data), s.shutdown(1))).start()
                got = b''
                while part := s.recv(65536): got += part
                print(got == data)
                """);
        assertThat(result.stdoutText()).isEqualTo("True\n");
      }
    }
    assertThat(python("import socket; socket.create_connection(('127.0.0.1', 8080))").stderrText())
        .contains("ConnectionRefusedError");
  }

  private static void echoOnce(ServerSocketChannel service) {
    try (SocketChannel client = service.accept()) {
      Channels.newInputStream(client).transferTo(Channels.newOutputStream(client));
    } catch (IOException testIsOver) {
      // Whoever waits for the echo fails.
    }
  }
}
