package dev.holdfast.workspace.overlay;

import static dev.holdfast.workspace.overlay.Fixture.agent;
import static dev.holdfast.workspace.overlay.Fixture.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workspace.Change.ChangedFile;
import dev.holdfast.workspace.WorkspaceException;
import dev.holdfast.workspace.WorkspaceId;
import dev.holdfast.workspace.WorkspaceSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Repositories of every kind as the source of a workspace. */
class RepositoriesTest {
  private static final String AUTHOR = "Agent <a@example.com>";
  @AutoClose private final Fixture fixture = Fixture.make();

  private static WorkspaceSpec spec(String repository, String revision) {
    return new WorkspaceSpec(
        WorkspaceId.random(), repository, revision, "holdfast/r-test", false, Fixture.DISK);
  }

  @Test
  void aUrlIsClonedAndTheWorkIsPushedToIt() throws IOException {
    Path bare = fixture.top.resolve("bare.git");
    sh(fixture.top, "git clone -q --bare project bare.git");
    var workspace = fixture.workspaces.create(spec("file://" + bare, "main"));
    agent(workspace.tree(), "echo x > new");

    workspace.publish(workspace.commit("work", AUTHOR));

    assertThat(sh(bare, "git log -1 --format=%s holdfast/r-test")).isEqualTo("work");
    assertThat(agent(workspace.tree(), "git remote -v")).isEmpty();
  }

  @Test
  void aRepositoryBehindAGitDaemonIsCloned() throws Exception {
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    var daemon =
        new ProcessBuilder(
                "git",
                "daemon",
                "--reuseaddr",
                "--listen=127.0.0.1",
                "--port=" + port,
                "--export-all",
                "--base-path=" + fixture.top,
                fixture.top.toString())
            .redirectErrorStream(true)
            .start();
    try {
      awaitPort(port);

      var workspace =
          fixture.workspaces.create(spec("git://127.0.0.1:" + port + "/project", "HEAD"));

      assertThat(workspace.tree().resolve("README.md")).hasContent("hello\n");
    } finally {
      daemon.descendants().forEach(ProcessHandle::destroyForcibly);
      daemon.destroyForcibly().waitFor();
    }
  }

  private static void awaitPort(int port) throws Exception {
    for (int i = 0; i < 100; i++) {
      try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException notYet) {
        Thread.sleep(50);
      }
    }
    throw new IOException("the daemon does not answer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ext::sh -c touch% /tmp/owned",
        "--upload-pack=touch /tmp/owned",
        "/nonexistent",
        "",
        "fd::17"
      })
  void whatIsNoRepositoryIsRefused(String repository) {
    assertThatThrownBy(() -> fixture.workspaces.create(spec(repository, "HEAD")))
        .isInstanceOf(WorkspaceException.class)
        .hasMessageContaining("`" + repository + "`");
    assertThat(Path.of("/tmp/owned")).doesNotExist();
    assertThat(fixture.workspaces.list()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nope", "--all", "HEAD~99", "-rf"})
  void anUnknownRevisionIsRefusedAndNothingIsLeft(String revision) throws IOException {
    assertThatThrownBy(
            () -> fixture.workspaces.create(spec(fixture.repository.toString(), revision)))
        .isInstanceOf(WorkspaceException.class)
        .hasMessageContaining("`" + revision + "`");
    assertThat(fixture.mounts()).isEmpty();
    assertThat(fixture.state.resolve("workspaces")).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../x", "a..b", "x.lock", "-x", "a//b", "a/.b", "x/", "a b", "refs@{0}", "x."})
  void anImpossibleBranchIsRefused(String branch) {
    var spec =
        new WorkspaceSpec(
            WorkspaceId.random(), fixture.repository.toString(), "HEAD", branch, false, 1 << 20);

    assertThatThrownBy(() -> fixture.workspaces.create(spec))
        .hasMessageContaining("`" + branch + "`");
  }

  @Test
  void aSubmoduleStaysAsItIsAndItsChangeIsRefused() throws IOException {
    sh(
        fixture.top,
        "git init -q -b main lib && cd lib && git -c user.name=a -c user.email=b commit -q --allow-empty -m lib");
    sh(fixture.repository, "git -c protocol.file.allow=always submodule --quiet add ../lib lib");
    fixture.commit("with submodule");
    var workspace = fixture.create();
    agent(workspace.tree(), "echo x > new");
    workspace.publish(workspace.commit("work", AUTHOR));
    assertThat(sh(fixture.repository, "git diff --name-only main holdfast/r-test"))
        .isEqualTo("new");

    agent(workspace.tree(), "echo y > lib/file");
    assertThatThrownBy(workspace::change).hasMessageContaining("`lib` is a submodule");
    agent(workspace.tree(), "rm -r lib");
    assertThatThrownBy(workspace::change).hasMessageContaining("`lib` is a submodule");
  }

  @Test
  void filesHoldTheStoredBytesWhateverTheAttributesSay() throws IOException {
    String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";
    fixture.write("big.bin", pointer);
    fixture.write("crlf.txt", "a\nb\n");
    fixture.write(".gitattributes", "*.bin filter=lfs\n*.txt text eol=crlf\n");
    fixture.commit("attributes");
    var workspace = fixture.create();

    assertThat(workspace.tree().resolve("big.bin")).hasContent(pointer);
    assertThat(Files.readString(workspace.tree().resolve("crlf.txt"))).isEqualTo("a\nb\n");
    assertThat(agent(workspace.tree(), "git status --porcelain")).isEmpty();
    agent(workspace.tree(), "printf 'c\\n' >> crlf.txt");
    assertThat(workspace.change().files())
        .containsExactly(
            new ChangedFile("crlf.txt", dev.holdfast.workspace.Change.Kind.MODIFIED, false, 1, 0));
  }

  @Test
  void aRepositoryWithSha256WorksToo() throws IOException {
    Path modern = Files.createDirectory(fixture.top.resolve("modern"));
    sh(
        modern,
        "git init -q -b main --object-format=sha256 && echo a > a && git add a && git -c user.name=a -c user.email=b commit -qm a");
    var workspace = fixture.workspaces.create(spec(modern.toString(), "HEAD"));
    agent(workspace.tree(), "echo b >> a; git status --porcelain");

    assertThat(workspace.diff()).contains("+b");
    workspace.publish(workspace.commit("b", AUTHOR));

    assertThat(sh(modern, "git show holdfast/r-test:a")).isEqualTo("a\nb");
  }

  @Test
  void aShallowCloneAndALinkedWorktreeAreAccepted() throws IOException {
    fixture.write("more", "x\n");
    fixture.commit("second");
    sh(fixture.top, "git clone -q --depth 1 file://$PWD/project shallow");
    sh(fixture.repository, "git worktree add -q ../linked -b linked");

    var shallow =
        fixture.workspaces.create(spec(fixture.top.resolve("shallow").toString(), "HEAD"));
    var linked = fixture.workspaces.create(spec(fixture.top.resolve("linked").toString(), "HEAD"));

    assertThat(agent(shallow.tree(), "git log --format=%s; git fsck 2>&1")).isEqualTo("second");
    assertThat(agent(linked.tree(), "git status --porcelain")).isEmpty();
    agent(linked.tree(), "echo y > y");
    linked.publish(linked.commit("y", AUTHOR));
    assertThat(sh(fixture.repository, "git show holdfast/r-test:y")).isEqualTo("y");
  }

  @Test
  void theIndexIsFreshForTheOwnerThatTheInsideSees() throws IOException {
    var workspace = fixture.create();

    String debug =
        agent(
            workspace.tree(),
            "git ls-files --debug README.md; stat -c 'ctime %Z inode %i' README.md");

    assertThat(debug).contains("uid: 1000\tgid: 1000");
    var index =
        java.util.regex.Pattern.compile(
                "ctime: (\\d+):.*ino: (\\d+).*ctime \\1 inode (\\d+)",
                java.util.regex.Pattern.DOTALL)
            .matcher(debug);
    assertThat(index.find()).as(debug).isTrue();
    // Git compares the lower 32 bits.
    assertThat(Long.parseUnsignedLong(index.group(3)) & 0xffffffffL)
        .isEqualTo(Long.parseLong(index.group(2)));
  }
}
