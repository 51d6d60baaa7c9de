package dev.holdfast.workbench.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Connection;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Execution;
import dev.holdfast.workbench.WorkbenchException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections from the host to programs inside. */
@Timeout(60)
class ConnectTest {
  /** Echoes, and says how much it was once the client has said all. */
  private static final String ECHO =
      """
      import socket, sys, threading
      s = socket.socket(socket.AF_INET6 if sys.argv[1] == '6' else socket.AF_INET)
      s.bind(('::1' if sys.argv[1] == '6' else '127.0.0.1', int(sys.argv[2])))
      s.listen(300)
      def serve(c):
        n = 0
        while part := c.recv(65536):
          c.sendall(part); n += len(part)
        c.sendall(b'|%d' % n); c.close()
      print('up', flush=True)
      while True: threading.Thread(target=serve, args=(s.accept()[0],)).start()
      """;

  @AutoClose private final RealGuest real = RealGuest.startWithLoopback();

  private Execution serve(String script, String... arguments) throws IOException {
    var argv = new ArrayList<>(List.of("python3", "-c", script));
    argv.addAll(List.of(arguments));
    var running = real.guest.start(ExecSpec.of(argv, Caps.DEFAULT).withDirectory("/"));
    assertThat(running.stdout().read()).isEqualTo('u');
    return running;
  }

  private static byte[] talk(Connection connection, byte[] bytes) throws Exception {
    var writing =
        CompletableFuture.runAsync(
            () -> say(connection.output(), bytes), Thread::startVirtualThread);
    byte[] heard = connection.input().readAllBytes();
    writing.get(30, TimeUnit.SECONDS);
    return heard;
  }

  private static void say(OutputStream to, byte[] bytes) {
    try (to) {
      to.write(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void carriesBothDirectionsAndHalfClosesManyAtOnce() throws Exception {
    try (var _ = serve(ECHO, "4", "8000")) {
      var all = new ArrayList<CompletableFuture<Void>>();
      for (int size : new int[] {0, 1, 100, 70_000, 3_000_000, 5, 300_000, 2_000_000}) {
        all.add(CompletableFuture.runAsync(() -> echoes(size), Thread::startVirtualThread));
      }
      for (var one : all) {
        one.get(40, TimeUnit.SECONDS);
      }
    }
  }

  private void echoes(int size) {
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    try (var connection = real.guest.connect(8000)) {
      byte[] heard = talk(connection, bytes);
      var tail = ("|" + size).getBytes(StandardCharsets.UTF_8);
      assertThat(heard).hasSize(size + tail.length).endsWith(tail);
      assertThat(Arrays.copyOf(heard, size)).isEqualTo(bytes);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whoListensOnTheOtherLoopbackAddressIsFoundToo() throws Exception {
    try (var _ = serve(ECHO, "6", "8001");
        var connection = real.guest.connect(8001)) {
      assertThat(talk(connection, new byte[] {'x'}))
          .isEqualTo("x|1".getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void nobodyThatListensIsSaid() {
    assertThatThrownBy(() -> real.guest.connect(8002))
        .isInstanceOf(WorkbenchException.class)
        .hasMessage("nobody listens on port `8002` inside");
    assertThatThrownBy(() -> real.guest.connect(0)).isInstanceOf(IllegalArgumentException.class);
    assertThat(real.guest.alive()).isTrue();
  }

  @Test
  void oneThatIsNotReadHoldsNothingElseUpAndTooManyAreRefused() throws Exception {
    var flood =
        """
        import socket, threading
        s = socket.socket(); s.bind(('127.0.0.1', 8000)); s.listen(300)
        def serve(c):
          try:
            while True: c.sendall(bytes(65536))
          except OSError: pass
        print('up', flush=True)
        while True: threading.Thread(target=serve, args=(s.accept()[0],)).start()
        """;
    try (var _ = serve(flood);
        var unread = real.guest.connect(8000);
        var read = real.guest.connect(8000)) {
      assertThat(read.input().readNBytes(4 << 20)).hasSize(4 << 20);
      assertThat(unread.input().readNBytes(1 << 20)).hasSize(1 << 20);
    }
    var held = new ArrayList<Connection>();
    try (var _ = serve(ECHO, "4", "8003")) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 300; i++) {
                  held.add(real.guest.connect(8003));
                }
              })
          .isInstanceOf(WorkbenchException.class)
          .hasMessageContaining("port `8003` inside cannot be reached");
      assertThat(held).hasSizeBetween(200, 256);
      held.forEach(Connection::close);
      assertThat(real.guest.alive()).isTrue();
    }
  }

  @Test
  void itEndsWithTheWorkbench() throws Exception {
    try (var _ = serve(ECHO, "4", "8000")) {
      var connection = real.guest.connect(8000);
      real.kill();
      assertThatThrownBy(() -> connection.input().read()).isInstanceOf(IOException.class);
      connection.close();
      connection.close();
    }
  }
}
