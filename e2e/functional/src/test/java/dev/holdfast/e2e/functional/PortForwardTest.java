package dev.holdfast.e2e.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ports of this machine that lead to programs in a workbench. */
@Timeout(180)
class PortForwardTest extends WithServer {
  /** Sends a line and half-closes; what comes back. */
  private static String ask(int port, String request) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aPortOfThisMachineLeadsToAProgramInsideUntilCtrlC() throws Exception {
    var id = cli.run(temp, "workbench", "create").orFail().out().strip();
    var forward = cli.start(temp, "workbench", "port", id, "8000:0", "--json");
    var said =
        new BufferedReader(new InputStreamReader(forward.getInputStream(), StandardCharsets.UTF_8));
    var line = said.readLine();
    assertThat(line).contains("\"port\":8000");
    int port = Integer.parseInt(line.replaceAll(".*127\\.0\\.0\\.1:([0-9]+).*", "$1"));

    assertThat(ask(port, "nobody is there")).isEmpty();
    var script =
        """
        import socket
        s = socket.create_server(('127.0.0.1', 8000)); open('up', 'w')
        while True:
          c = s.accept()[0]; got = b''
          while part := c.recv(65536): got += part
          c.sendall(got * 3000); c.close()
        """;
    cli.run(temp, "workbench", "exec", id, "--detach", "--", "python3", "-c", script).orFail();
    var wait = "until [ -e up ]; do sleep 0.02; done";
    cli.run(temp, "workbench", "exec", id, "--", "sh", "-c", wait).orFail();
    var answers = new ArrayList<CompletableFuture<String>>();
    for (int i = 0; i < 20; i++) {
      var request = "request %d;".formatted(i).repeat(100);
      answers.add(
          CompletableFuture.supplyAsync(() -> ask(port, request), Thread::startVirtualThread));
    }
    for (int i = 0; i < 20; i++) {
      assertThat(answers.get(i).get(60, TimeUnit.SECONDS))
          .isEqualTo("request %d;".formatted(i).repeat(300_000));
    }

    new ProcessBuilder("kill", "-INT", Long.toString(forward.pid())).start().waitFor();
    assertThat(forward.waitFor()).isEqualTo(130);
    var complaints = new String(forward.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(complaints).contains("nobody listens on port `8000` inside");
    assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
        .isInstanceOf(ConnectException.class);
    for (var wrong : List.of("0", "x", "80:65536", "1:2:3")) {
      var refused = cli.run(temp, "workbench", "port", id, wrong);
      assertThat(refused.code()).isEqualTo(2);
      assertThat(refused.err()).contains("`" + wrong + "` is no port");
    }
  }
}
