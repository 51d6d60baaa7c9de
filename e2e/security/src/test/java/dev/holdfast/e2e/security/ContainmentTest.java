package dev.holdfast.e2e.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.scorecard.Assault;
import dev.holdfast.scorecard.Attack;
import dev.holdfast.scorecard.Attacks;
import dev.holdfast.scorecard.Bait;
import dev.holdfast.scorecard.Verdict;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.End;
import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchKind;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.OciEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
      new Caps(256L << 20, 2, 64, 8L << 20, 256, 16L << 20, 64L << 10, Duration.ofSeconds(20));

  @TempDir static Path parent;
  private static OciEngine engine;
  private static Workbench neighbour;
  private static Bait bait;

  /** The neighbour is another run: a live workbench with a workspace on the host. */
  @BeforeAll
  static void open() throws Exception {
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
    engine = OciEngine.open(parent.resolve("x"));
    Path workspace = workspace("neighbour");
    neighbour = engine.create(WorkbenchSpec.over(workspace, CAPS));
    neighbour.files().write("file", "of another run".getBytes(UTF_8), false);
    bait = Bait.lay(Files.createDirectory(parent.resolve("bait")), workspace.resolve("file"));
  }

  private static Path workspace(String name) throws IOException {
    Path workspace = Files.createDirectory(parent.resolve(name));
    Files.setAttribute(workspace, "unix:uid", engine.owner());
    Files.setAttribute(workspace, "unix:gid", engine.owner());
    return workspace;
  }

  @AfterAll
  static void close() throws Exception {
    bait.close();
    engine.close();
  }

  private static ExecResult attempt(String script) {
    try (Workbench workbench = engine.create(WorkbenchSpec.empty(CAPS))) {
      return workbench.exec(ExecSpec.of("sh", "-c", script).withWallTime(Duration.ofSeconds(20)));
    }
  }

  /** What is mounted into a live workbench must open no other door. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "descriptors",
        "guest-channel",
        "handles",
        "host-files",
        "mounts",
        "setuid-programs"
      })
  void theAttackIsHeldWhereTheWorkspaceCameLater(String name) throws Exception {
    Attack attack = Attacks.named(name);
    WorkbenchKind kind = WorkbenchKind.of(WorkbenchSpec.empty(CAPS));
    try (Workbench workbench = engine.standBy(kind).orElseThrow().claim(workspace(name))) {
      assertThat(new Assault(bait, CAPS, Layer.CONTAINER).make(attack, workbench))
          .isInstanceOf(Verdict.Held.class);
    }
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
    String fill = "for i in 1 2 3; do head -c 7M /dev/zero > /tmp/$i || exit; done";
    ExecResult result = attempt(fill);
    assertThat(result.succeeded()).isFalse();
    assertThat(result.stderrText()).contains("No space left on device");
  }

  @Test
  void nothingOfOneWorkbenchIsSeenByTheNext() {
    assertThat(attempt("echo secret > /tmp/left; echo secret > /home/agent/left").succeeded())
        .isTrue();
    ExecResult result = attempt("cat /tmp/left || cat /home/agent/left");
    assertThat(result.succeeded()).isFalse();
    assertThat(result.stderrText().lines())
        .hasSize(2)
        .allMatch(l -> l.endsWith("No such file or directory"));
  }
}
