package dev.holdfast.workbench.microvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.End;
import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Mount;
import dev.holdfast.workbench.Standby;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchKind;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.Traces;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real machines, continued from one snapshot. */
@Timeout(300)
class MicrovmEngineTest {
  private static final Caps CAPS =
      Caps.DEFAULT
          .withMemoryBytes(128L << 20)
          .withPids(48)
          .withOutputBytes(64 << 10)
          .withWallTime(Duration.ofMinutes(2));

  private static final WorkbenchKind KIND = WorkbenchKind.of(WorkbenchSpec.empty(CAPS));

  @TempDir static Path parent;
  private static MicrovmEngine engine;
  private static Workbench shared;

  @BeforeAll
  static void open() {
    engine = MicrovmEngine.open(parent.resolve("home"));
    shared = engine.create(WorkbenchSpec.empty(CAPS));
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  private static ExecResult sh(Workbench workbench, String script) {
    return workbench.exec(ExecSpec.of(List.of("sh", "-c", script), CAPS));
  }

  @Test
  void aProgramRunsOnAKernelOfItsOwnAsTheAgent() {
    ExecResult result = sh(shared, "uname -r; id -u; id -g; pwd");

    assertThat(result.stdoutText().lines())
        .containsExactly(GuestKernel.find().orElseThrow().version(), "1000", "1000", "/workspace");
  }

  @Test
  void theWorkspaceIsOneDirectoryInsideAndOutside() throws Exception {
    Path workspace = owned(Files.createDirectory(parent.resolve("work")));
    Files.writeString(owned(Files.createFile(workspace.resolve("from-host"))), "hello");
    try (Workbench workbench = engine.create(WorkbenchSpec.over(workspace, CAPS))) {
      ExecResult result =
          sh(
              workbench,
              "cat from-host; stat -c ' %u %g' from-host; mkdir d; echo inside > d/f;"
                  + " chmod 750 d/f; ln -s ../from-host d/link; mv d/f d/g; rm from-host");

      assertThat(result.stdoutText()).isEqualTo("hello 1000 1000\n");
      Path made = workspace.resolve("d/g");
      assertThat(Files.readString(made)).isEqualTo("inside\n");
      assertThat(Files.getAttribute(made, "unix:uid")).isEqualTo(engine.owner());
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
          .isEqualTo("rwxr-x---");
      assertThat(Files.readSymbolicLink(workspace.resolve("d/link")))
          .isEqualTo(Path.of("../from-host"));
      assertThat(workspace.resolve("from-host")).doesNotExist();
    }
  }

  @Test
  void whatACallHasMappedAndWrittenIsOnTheHostWhenItEnds() throws Exception {
    Path workspace = owned(Files.createDirectory(parent.resolve("mapped")));
    try (Workbench workbench = engine.create(WorkbenchSpec.over(workspace, CAPS))) {
      String program =
          "import mmap; f = open('m', 'w+b'); f.truncate(8192); m = mmap.mmap(f.fileno(), 8192);"
              + " m[4096:4100] = b'here'";
      assertThat(workbench.exec(ExecSpec.of("python3", "-c", program)).succeeded()).isTrue();

      byte[] bytes = Files.readAllBytes(workspace.resolve("m"));
      assertThat(new String(bytes, 4096, 4, java.nio.charset.StandardCharsets.US_ASCII))
          .isEqualTo("here");

      workbench.files().write("a/b.txt", new byte[] {1, 2, 3}, true);
      assertThat(Files.readAllBytes(workspace.resolve("a/b.txt"))).containsExactly(1, 2, 3);
    }
  }

  @Test
  void mountsAreSeenWithTheAccessTheyWereGiven() throws Exception {
    Path source = owned(Files.createDirectory(parent.resolve("source")));
    Files.writeString(source.resolve("f"), "content");
    Path file = Files.writeString(parent.resolve("single"), "one file");
    var spec =
        new WorkbenchSpec(
            WorkbenchId.random(),
            Optional.empty(),
            List.of(
                new Mount(source, "/opt/deep/read", Mount.Access.READ_ONLY),
                new Mount(source, "/opt/write", Mount.Access.READ_WRITE),
                new Mount(file, "/opt/single", Mount.Access.READ_ONLY)),
            CAPS,
            Map.of("GIVEN", "value"));
    try (Workbench workbench = engine.create(spec)) {
      assertThat(sh(workbench, "cat /opt/deep/read/f /opt/single; echo \" $GIVEN\"").stdoutText())
          .isEqualTo("contentone file value\n");
      assertThat(sh(workbench, "touch /opt/deep/read/x").succeeded()).isFalse();
      assertThat(sh(workbench, "touch /opt/write/y").succeeded()).isTrue();
      assertThat(sh(workbench, "ls /mounts /vm").succeeded()).isFalse();
    }
    assertThat(source.resolve("x")).doesNotExist();
    assertThat(source.resolve("y")).exists();
  }

  @Test
  void oneHeldReadyGetsItsWorkspaceWhenItIsClaimed() throws Exception {
    Path workspace = owned(Files.createDirectory(parent.resolve("late")));
    Files.writeString(owned(Files.createFile(workspace.resolve("name"))), "late");
    Standby standby = engine.standBy(KIND).orElseThrow();
    try (Workbench workbench = standby.claim(workspace)) {
      assertThat(sh(workbench, "pwd; cat name; mkdir d; echo new > d/made").stdoutText())
          .isEqualTo("/workspace\nlate");
      assertThat(Files.readString(workspace.resolve("d/made"))).isEqualTo("new\n");
      assertThat(Files.getAttribute(workspace.resolve("d"), "unix:uid")).isEqualTo(engine.owner());
      assertThat(new String(workbench.files().read("d/made", 0, 9), StandardCharsets.UTF_8))
          .isEqualTo("new\n");
      assertThatThrownBy(() -> standby.claim(workspace)).hasMessageContaining("in use");

      // What was there before is below the workspace; nobody could write to it.
      Path monitor = Path.of("/proc", Long.toString(monitorOf(workbench.id()).pid()));
      assertThat(Files.readString(monitor.resolve("mountinfo")).lines())
          .filteredOn(line -> line.contains(" " + Surroundings.WORKSPACE + " "))
          .satisfiesExactly(
              below -> assertThat(below).contains(" ro,nosuid,nodev"),
              above -> assertThat(above).contains(" rw,nosuid,nodev"));
      assertThat(parent.resolve("home/rootfs/waiting")).isEmptyDirectory();
    }
  }

  @Test
  void capsEndAsWhatTheyAre() {
    assertThat(shared.exec(ExecSpec.of(List.of("yes"), CAPS)).end())
        .isEqualTo(new End.OutputExceeded(CAPS.outputBytes()));
    ExecSpec stubborn = ExecSpec.of("sh", "-c", "trap '' TERM; while :; do :; done");
    assertThat(shared.exec(stubborn.withWallTime(Duration.ofSeconds(1))).end())
        .isEqualTo(new End.TimedOut(Duration.ofSeconds(1)));
    String forks = "import os\nfor _ in range(200): os.fork() or __import__('time').sleep(60)";
    assertThat(shared.exec(ExecSpec.of("python3", "-c", forks)).stderrText())
        .contains("BlockingIOError");
    assertThat(sh(shared, "ulimit -f; ulimit -n").stdoutText().lines())
        .containsExactly(Long.toString(CAPS.fileBytes() / 512), Integer.toString(CAPS.openFiles()));
  }

  @Test
  void aMemoryBombEndsAsOutOfMemory() {
    try (Workbench workbench = engine.create(WorkbenchSpec.empty(CAPS))) {
      assertThat(workbench.exec(ExecSpec.of("python3", "-c", "bytearray(1 << 30)")).end())
          .isEqualTo(new End.OutOfMemory(CAPS.memoryBytes()));
      assertThat(sh(workbench, "kill -9 $$").end()).isEqualTo(new End.Signalled(9));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cat /etc/shadow",
        "ls /root",
        "ls /sys/kernel",
        "ls /dev/vport0p1",
        "ls /dev/console",
        "ls /dev/rtc0",
        "cat /proc/1/environ",
        "cat /proc/1/mem",
        "head -c 1 /proc/kcore",
        "echo b > /proc/sysrq-trigger",
        "touch /usr/x",
        "touch /etc/x",
        "touch /x",
        "touch /run/x",
        "touch /dev/x",
        "mount -t tmpfs none /tmp",
        "mount -o remount,rw /",
        "unshare -U true",
        "chroot / true",
        "mknod /tmp/d c 1 3",
        "hostname other",
        "date -s 2001-01-01",
        "cp /usr/bin/id /tmp/id && chmod 4755 /tmp/id && /tmp/id -u | grep -qx 0",
        "python3 -c 'import socket; socket.create_connection((\"192.0.2.1\", 80), 2)'",
        "python3 -c 'import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW)'",
      })
  void whatIsForbiddenFails(String script) {
    assertThat(sh(shared, script).end())
        .isInstanceOfSatisfying(End.Exited.class, end -> assertThat(end.code()).isNotZero());
  }

  @Test
  void theMonitorHasNoRightsOnTheHost() throws Exception {
    ProcessHandle qemu = monitorOf(shared.id());
    Path process = Path.of("/proc", Long.toString(qemu.pid()));
    String status = Files.readString(process.resolve("status"));
    int owner = engine.owner();

    assertThat(status).contains("Uid:\t%1$d\t%1$d\t%1$d\t%1$d".formatted(owner));
    assertThat(status).contains("CapEff:\t0000000000000000").contains("NoNewPrivs:\t1");
    assertThat(status).contains("Seccomp:\t2");
    assertThat(Files.readString(process.resolve("net/dev")).lines().skip(2))
        .allMatch(line -> line.strip().startsWith("lo:"));
    assertThat(descriptorsThatWriteBelow(process, parent.resolve("home/rootfs"))).isEmpty();
    assertThat(Files.readString(process.resolve("maps")).lines())
        .filteredOn(line -> line.endsWith("/ram"))
        .isNotEmpty()
        .allMatch(line -> line.contains("p "));
  }

  /** Of files in the store, which others continue from, none may be open for writing. */
  private static List<String> descriptorsThatWriteBelow(Path process, Path store)
      throws IOException {
    try (var all = Files.list(process.resolve("fdinfo"))) {
      return all.map(info -> info.getFileName().toString())
          .filter(fd -> flags(process, fd) % 8 != 0)
          .map(fd -> target(process, fd))
          .filter(name -> name.startsWith(store.toString()) || name.startsWith(Surroundings.PLACE))
          .toList();
    }
  }

  private static int flags(Path process, String fd) {
    try (var lines = Files.lines(process.resolve("fdinfo").resolve(fd))) {
      return lines
          .filter(line -> line.startsWith("flags:"))
          .mapToInt(line -> Integer.parseInt(line.substring(6).strip(), 8))
          .findFirst()
          .orElse(0);
    } catch (IOException closed) {
      return 0;
    }
  }

  private static String target(Path process, String fd) {
    try {
      return Files.readSymbolicLink(process.resolve("fd").resolve(fd)).toString();
    } catch (IOException closed) {
      return "";
    }
  }

  @Test
  void theClockIsTheHosts() {
    long before = Instant.now().getEpochSecond();
    long inside = Long.parseLong(sh(shared, "sleep 1; date +%s").stdoutText().strip());

    assertThat(inside).isBetween(before, Instant.now().getEpochSecond() + 1);
  }

  @Test
  void anEndedMonitorEndsTheWorkbenchAndLeavesNothing() throws Exception {
    Workbench workbench = engine.create(WorkbenchSpec.empty(CAPS));
    monitorOf(workbench.id()).destroyForcibly();

    assertThat(isLost(workbench)).isTrue();
    workbench.close();
    Traces.assertNone(parent.resolve("home"), workbench.id());
  }

  /** Whether it is known when the call is sent or only when its answer is waited for is chance. */
  private static boolean isLost(Workbench workbench) {
    try {
      return workbench.exec(ExecSpec.of("true")).end() instanceof End.WorkbenchLost;
    } catch (WorkbenchException gone) {
      return true;
    }
  }

  private static ProcessHandle monitorOf(WorkbenchId id) {
    return ProcessHandle.allProcesses()
        .filter(process -> Monitors.isOf(process.pid(), id))
        .findFirst()
        .orElseThrow();
  }

  private static Path owned(Path path) throws IOException {
    Files.setAttribute(path, "unix:uid", engine.owner());
    Files.setAttribute(path, "unix:gid", engine.owner());
    return path;
  }
}
