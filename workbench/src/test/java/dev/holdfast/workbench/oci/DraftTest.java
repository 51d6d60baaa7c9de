package dev.holdfast.workbench.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.AgentIds;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workbenches whose system is an image under way: a tree of busybox that can be written to. */
@Timeout(120)
class DraftTest {
  private static final String[] PROGRAMS = {
    "sh",
    "id",
    "cat",
    "ls",
    "touch",
    "env",
    "chown",
    "chmod",
    "mkdir",
    "rm",
    "mknod",
    "mount",
    "grep",
    "start-stop-daemon",
    "ln",
    "chroot",
    "kill",
    "stat",
    "echo",
    "mv",
    "dd",
    "hostname"
  };

  @TempDir Path home;
  private Path tree = Path.of("/");
  private Path changes = Path.of("/");

  @BeforeEach
  void layOut() throws IOException {
    tree = Files.createDirectories(home.resolve("tree"));
    for (String name : new String[] {"bin", "etc", "dev", "proc", "run", "sys", "tmp", "old"}) {
      own(Files.createDirectories(tree.resolve(name)), 0);
    }
    own(tree, 0);
    own(Files.copy(Path.of("/bin/busybox"), tree.resolve("bin/busybox")), 0);
    for (String name : PROGRAMS) {
      own(Files.createSymbolicLink(tree.resolve("bin/" + name), Path.of("busybox")), 0);
    }
    own(Files.writeString(tree.resolve("old/file"), "old"), 0);
    changes = own(Files.createDirectory(home.resolve("changes")), 0);
    Files.createDirectory(home.resolve("work"));
  }

  private static Path own(Path path, int inside) throws IOException {
    Files.setAttribute(path, "unix:uid", AgentIds.FIRST + inside, LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(path, "unix:gid", AgentIds.FIRST + inside, LinkOption.NOFOLLOW_LINKS);
    return path;
  }

  private Root draft(int uid) {
    return new Root.Draft(tree, changes, home.resolve("work"), Map.of("HOME", "/root"), uid, uid);
  }

  private String shell(Root root, String script) {
    try (var engine = OciEngine.open(home);
        var workbench = engine.create(WorkbenchSpec.empty(Caps.DEFAULT).on(root))) {
      var exec = ExecSpec.of("/bin/sh", "-c", "exec 2>&1; " + script).withDirectory("/");
      var result = workbench.exec(exec);
      return result.stdoutText() + result.stderrText() + result.end();
    }
  }

  private static int hostOwner(Path path) throws IOException {
    return (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }

  @Test
  void whatIsChangedIsBesideTheTreeAndNobodysOfTheHost() throws IOException {
    var said =
        shell(
            draft(0),
            "id -u; echo new >/made; chown 33 /made; mkdir /a; echo more >>/old/file; rm /bin/ls");
    assertThat(said).startsWith("0\n").endsWith("Exited[code=0]");
    assertThat(changes.resolve("made")).hasContent("new\n");
    assertThat(hostOwner(changes.resolve("made"))).isEqualTo(AgentIds.FIRST + 33);
    assertThat(hostOwner(changes.resolve("a"))).isEqualTo(AgentIds.FIRST);
    assertThat(changes.resolve("old/file")).hasContent("oldmore\n");
    assertThat(tree.resolve("old/file")).hasContent("old");
    assertThat(tree.resolve("made")).doesNotExist();
    assertThat((int) Files.getAttribute(changes.resolve("bin/ls"), "unix:mode") & 0170000)
        .isEqualTo(0020000);
    assertThat(changes.toFile().list()).containsExactlyInAnyOrder("made", "a", "old", "bin");
  }

  @Test
  void itsRootHasFiveRightsOverItsOwnIdsAndNoOther() {
    var said = shell(draft(0), "grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status");
    // Bits 0, 1, 3, 6 and 7: chown, dac_override, fowner, setgid, setuid.
    assertThat(said.replaceAll("[ \t]+", " "))
        .contains(
            "CapInh: 0000000000000000",
            "CapPrm: 00000000000000cb",
            "CapEff: 00000000000000cb",
            "CapBnd: 00000000000000cb",
            "CapAmb: 0000000000000000",
            "NoNewPrivs: 1",
            "Seccomp: 2");
  }

  @Test
  void anotherUserHasNoneAndRootCanBecomeOne() throws IOException {
    assertThat(shell(draft(33), "id -u; grep CapEff /proc/self/status; touch /new").lines())
        .anyMatch(line -> line.equals("33"))
        .anyMatch(line -> line.matches("CapEff:\\s+0+"))
        .anyMatch(line -> line.contains("/new: Permission denied"));
    // It drops supplementary groups, group and user, as package managers do.
    Files.writeString(tree.resolve("etc/passwd"), "web:x:33:34::/:/bin/sh\n");
    assertThat(shell(draft(0), "start-stop-daemon -S -c web -x /bin/id"))
        .contains("uid=33(web) gid=34 groups=34\n");
  }

  @Test
  void whatElseRootMayDoOnAHostItMayNotHere() {
    var said =
        shell(
            draft(0),
            "mknod /disk b 254 0; mknod /null c 1 3; mount -t tmpfs none /old; chroot /old true;"
                + " echo x >/proc/sys/kernel/core_pattern; "
                + " hostname other; cat /proc/1/environ; ls -l /proc/1/fd; kill -9 1;"
                + " ls /sys; touch /run/new; chown 70000 /old/file; stat -c %U /etc/shadow;"
                + " grep : /proc/net/dev");
    assertThat(said)
        .contains("mknod: /disk: Operation not permitted", "mknod: /null: Operation not permitted")
        .contains("mount: permission denied", "chroot: can't change root directory")
        .contains("core_pattern: Read-only file system")
        .contains("sethostname: Operation not permitted")
        .contains("/proc/1/environ': Permission denied", "/proc/1/fd/3: cannot read link")
        .contains("/run/new: Read-only file system", "/old/file: Invalid argument")
        .contains("can't stat '/etc/shadow'", "lo:")
        .doesNotContain("eth0", "holdfast/")
        .contains("Exited[");
  }

  @Test
  void aLinkInTheImageDoesNotMoveWhatTheWorkbenchMounts() throws IOException {
    Files.delete(tree.resolve("run"));
    Files.createSymbolicLink(tree.resolve("run"), Path.of("../../../../tmp"));
    assertThatThrownBy(() -> shell(draft(0), "id"))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining("root/run");
  }

  @Test
  void setUserProgramsStayWithoutEffect() throws IOException {
    Files.createDirectory(tree.resolve("suid"));
    Path program = own(Files.copy(Path.of("/bin/busybox"), tree.resolve("suid/id")), 0);
    Files.setAttribute(program, "unix:mode", 0104755);
    assertThat(shell(draft(33), "/suid/id -u")).startsWith("33\n");
  }

  @Test
  void onlyTheContainerLayerTakesOne() {
    try (var engine = OciEngine.openGvisor(home)) {
      var spec = WorkbenchSpec.empty(Caps.DEFAULT).on(draft(0));
      assertThatThrownBy(() -> engine.create(spec))
          .isInstanceOf(WorkbenchException.class)
          .hasMessageContaining("`container` only");
    }
  }
}
