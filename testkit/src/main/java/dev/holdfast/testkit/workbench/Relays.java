package dev.holdfast.testkit.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.End;
import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.WorkbenchException;
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

  @Test
  default void aProgramThatListensInsideIsReachedFromTheHost() throws Exception {
    assertThatThrownBy(() -> workbench().connect(8081))
        .isInstanceOf(WorkbenchException.class)
        .hasMessage("nobody listens on port `8081` inside");
    var script =
        """
        import socket
        s = socket.socket(); s.bind(('127.0.0.1', 8081)); s.listen()
        print('up', flush=True)
        c = s.accept()[0]
        got = b''
        while part := c.recv(65536): got += part
        c.sendall(got[::-1])
        """;
    byte[] said = Fixture.noise(1_000_000);
    try (var running = workbench().start(spec("python3", "-c", script))) {
      assertThat(running.stdout().read()).isEqualTo('u');
      try (var connection = workbench().connect(8081)) {
        connection.output().write(said);
        connection.output().close();
        byte[] heard = connection.input().readAllBytes();
        assertThat(heard).hasSize(said.length);
        for (int i = 0; i < said.length; i++) {
          heard[i] ^= said[said.length - 1 - i];
        }
        assertThat(heard).containsOnly(0);
      }
      assertThat(running.await()).isEqualTo(new End.Exited(0));
    }
  }

  private static void echoOnce(ServerSocketChannel service) {
    try (SocketChannel client = service.accept()) {
      Channels.newInputStream(client).transferTo(Channels.newOutputStream(client));
    } catch (IOException testIsOver) {
      // Whoever waits for the echo fails.
    }
  }
}
