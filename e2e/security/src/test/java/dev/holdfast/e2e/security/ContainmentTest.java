package dev.holdfast.e2e.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.End;
import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.OciEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each test attempts something from inside a real workbench and looks at the host afterwards. */
class ContainmentTest {
  private static final Caps CAPS =
      Caps.DEFAULT
          .withMemoryBytes(256L << 20)
          .withPids(64)
          .withOutputBytes(64 << 10)
          .withWallTime(Duration.ofSeconds(20));

  @TempDir static Path parent;
  private static OciEngine engine;

  @BeforeAll
  static void open() {
    engine = OciEngine.open(parent.resolve("x"));
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  private static ExecResult attempt(String script) {
    try (Workbench workbench = engine.create(WorkbenchSpec.empty(CAPS))) {
      return workbench.exec(ExecSpec.of("sh", "-c", script).withWallTime(Duration.ofSeconds(20)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cat /etc/shadow",
        "ls /root",
        "ls /var/lib",
        "ls /sys/kernel",
        "head -c 1 /proc/kcore",
        "cat /proc/1/environ",
        "cat /proc/1/mem",
        "echo b > /proc/sysrq-trigger",
        "echo x > /proc/sys/kernel/core_pattern",
        "touch /usr/x",
        "touch /etc/x",
        "touch /x",
        "touch /run/x",
        "chmod 600 /dev/null",
        "mount -t tmpfs none /tmp",
        "unshare -U true",
        "unshare -r -n true",
        "nsenter -t 1 -m true",
        "mknod /tmp/d c 1 3",
        "mknod /tmp/d b 254 0",
        "chroot / true",
        "echo | su -c true",
        "cp /usr/bin/id /tmp/id && chmod 4755 /tmp/id && /tmp/id -u | grep -qx 0",
        "python3 -c 'import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW)'",
        "python3 -c 'import socket; socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)'",
        "python3 -c 'import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)'",
        "python3 -c 'import socket; socket.create_connection((\"192.0.2.1\", 80), 2)'",
        "python3 -c 'import socket; s=socket.socket(socket.AF_UNIX);"
            + " s.connect(\"/run/holdfast/channel\")'",
        "python3 -c 'import ctypes,sys; l=ctypes.CDLL(None);"
            + " sys.exit(l.ptrace(16, 1, 0, 0) != 0)'",
        "python3 -c 'import ctypes,sys; l=ctypes.CDLL(None);"
            + " sys.exit(l.syscall(250, 0, -3, 1) < 0)'",
        "python3 -c 'import ctypes,sys; l=ctypes.CDLL(None);"
            + " sys.exit(l.syscall(175, 0, 0, 0) < 0)'",
        "python3 -c 'import fcntl; fcntl.ioctl(0, 0x5412, b\"x\")'",
      })
  void whatIsForbiddenFails(String script) {
    assertThat(attempt(script).end())
        .isInstanceOfSatisfying(End.Exited.class, end -> assertThat(end.code()).isNotZero());
  }

  @Test
  void theHostsDevicesStayTheHosts() throws Exception {
    Object before = Files.getAttribute(Path.of("/dev/null"), "unix:uid");

    assertThat(attempt("true").succeeded()).isTrue();

    assertThat(Files.getAttribute(Path.of("/dev/null"), "unix:uid")).isEqualTo(before).isEqualTo(0);
  }

  /** Looks below the mounts of control groups too: a runtime that is misled may write there. */
  @Test
  void noControlGroupIsLeftNotEvenBelowAMount() throws Exception {
    Workbench workbench = engine.create(WorkbenchSpec.empty(CAPS));
    String find = "find /sys/fs/cgroup -maxdepth 2 -name 'holdfast-%s'".formatted(workbench.id());
    assertThat(output("sh", "-c", find)).isNotEmpty();
    workbench.close();

    String uncovered = "umount /sys/fs/cgroup/unified 2>/dev/null; " + find;
    assertThat(output("sh", "-c", find)).isEmpty();
    assertThat(output("unshare", "-m", "sh", "-c", uncovered)).isEmpty();
  }

  private static String output(String... argv) throws IOException {
    return new ProcessBuilder(argv).start().inputReader().readAllAsString();
  }

  @Test
  void theHostsLoopbackIsOutOfReach() throws Exception {
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ExecResult result =
          attempt(
              "python3 -c 'import socket; socket.create_connection((\"127.0.0.1\", %d), 2)'"
                  .formatted(listener.getLocalPort()));
      assertThat(result.succeeded()).isFalse();
      assertThat(result.stderrText()).contains("refused");
    }
  }

  @Test
  void aMemoryBombEndsAsOutOfMemory() {
    assertThat(attempt("exec python3 -c 'b = bytearray(1 << 30)'").end())
        .isInstanceOf(End.OutOfMemory.class);
  }

  @Test
  void aFloodOfOutputEndsAtItsLimit() {
    assertThat(attempt("yes").end()).isInstanceOf(End.OutputExceeded.class);
  }

  @Test
  void ignoringSigtermDoesNotOutliveTheWallTime() {
    try (Workbench workbench = engine.create(WorkbenchSpec.empty(CAPS))) {
      ExecSpec stubborn = ExecSpec.of("sh", "-c", "trap '' TERM INT HUP; while :; do :; done");
      ExecResult result = workbench.exec(stubborn.withWallTime(Duration.ofSeconds(1)));
      assertThat(result.end()).isInstanceOf(End.TimedOut.class);
    }
  }

  @Test
  void aForkBombIsCappedAndEndsWithTheWorkbench() {
    Workbench workbench = engine.create(WorkbenchSpec.empty(CAPS));
    String bomb = "import os\nwhile True:\n  try: os.fork()\n  except OSError: pass";
    ExecResult result =
        workbench.exec(ExecSpec.of("python3", "-c", bomb).withWallTime(Duration.ofSeconds(2)));
    assertThat(result.end()).isInstanceOfAny(End.TimedOut.class, End.WorkbenchLost.class);
    workbench.close();
    assertThat(Path.of("/sys/fs/cgroup/pids/holdfast-" + workbench.id())).doesNotExist();
    assertThat(Path.of("/sys/fs/cgroup/holdfast-" + workbench.id())).doesNotExist();
  }

  @Test
  void daemonsDoNotOutliveTheWorkbench() {
    Workbench workbench = engine.create(WorkbenchSpec.empty(CAPS));
    ExecSpec daemon = ExecSpec.of("setsid", "-f", "sleep", "4242");
    workbench.exec(daemon.withLeftovers(ExecSpec.Leftovers.KEEP));
    assertThat(daemons()).isPositive();
    workbench.close();
    assertThat(daemons()).isZero();
  }

  private static long daemons() {
    return ProcessHandle.allProcesses()
        .filter(p -> p.info().commandLine().orElse("").endsWith("sleep 4242"))
        .count();
  }

  @Test
  void theTemporaryDirectoryIsBounded() {
    ExecResult result = attempt("head -c 2G /dev/zero > /tmp/fill");
    assertThat(result.succeeded()).isFalse();
  }

  @Test
  void nothingOfOneWorkbenchIsSeenByTheNext() {
    assertThat(attempt("echo secret > /tmp/left; echo secret > /home/agent/left").succeeded())
        .isTrue();
    assertThat(attempt("cat /tmp/left || cat /home/agent/left").succeeded()).isFalse();
  }
}
