package dev.holdfast.workbench.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Mount;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a program that other layers stand on has in its jail, and how it is reached. */
@Timeout(60)
class JailTest {
  /**
   * Says what two devices answer to KVM's first question, to whoever connects to the socket that it
   * makes.
   */
  private static final String PROGRAM =
      """
      import fcntl, os, socket
      def ask(path):
          try:
              device = os.open(path, os.O_RDWR)
              return str(fcntl.ioctl(device, 0xae00))
          except OSError as e:
              return e.strerror
      listener = socket.socket(socket.AF_UNIX)
      listener.bind("/vm/api/socket")
      listener.listen()
      caller, _ = listener.accept()
      caller.send((ask("/dev/kvm") + ", " + ask("/dev/loop-control") + "\\n").encode())
      """;

  @TempDir Path home;

  @Test
  void oneDeviceOpensWhereItIsAskedForAndNoOther() throws Exception {
    Jail jail = Jail.open(home);

    // On a host without the device it is there and has nothing behind it.
    assertThat(said(jail, true)).matches("(12|No such device.*), No such file or directory\n");
    assertThat(said(jail, false))
        .isEqualTo("No such file or directory, No such file or directory\n");
  }

  @Test
  void aSocketIsReachedHoweverLongItsName() throws Exception {
    Path deep = home.resolve("a".repeat(80));

    assertThat(said(Jail.open(deep), false)).isNotEmpty();
    assertThat(Path.of("/tmp")).isDirectoryNotContaining("glob:**/.holdfast-*");
  }

  private static String said(Jail jail, boolean kvm) throws Exception {
    WorkbenchId id = WorkbenchId.random();
    Path api = Files.createDirectory(jail.claim(id).resolve("api"));
    Files.setAttribute(api, "unix:uid", OciEngine.OWNER);
    var spec =
        new WorkbenchSpec(
            id,
            Optional.empty(),
            List.of(new Mount(api, "/vm/api", Mount.Access.READ_WRITE)),
            Caps.DEFAULT,
            Map.of(),
            new Root.Host());
    List<String> argv = List.of("/usr/bin/python3", "-c", PROGRAM);
    try (Jail.Door _ = jail.door(id, "channel");
        SocketChannel program =
            (kvm ? jail.startWithKvm(spec, argv) : jail.start(spec, argv))
                .reach(api.resolve("socket"))) {
      ByteBuffer words = ByteBuffer.allocate(200);
      program.read(words);
      return new String(words.array(), 0, words.position(), StandardCharsets.UTF_8);
    } finally {
      jail.end(id);
    }
  }
}
