package dev.holdfast.workspace.overlay;

import static dev.holdfast.workspace.overlay.Fixture.agent;
import static dev.holdfast.workspace.overlay.Fixture.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workspace.Change.ChangedFile;
import dev.holdfast.workspace.Workspace;
import dev.holdfast.workspace.WorkspaceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything an agent can leave behind for the host to trip over. */
class HostileTreeTest {
  private static final String AUTHOR = "Agent <a@example.com>";
  private Fixture fixture;
  private Workspace workspace;
  private Path marker;
  private Path evil;

  @BeforeEach
  void setUp() throws IOException {
    fixture = Fixture.make();
    marker = fixture.top.resolve("marker");
    evil = fixture.top.resolve("evil");
    Files.writeString(evil, "#!/bin/sh\necho \"$0 $*\" >> " + marker + "\ncat\n");
    sh(fixture.top, "chmod 755 evil");
    workspace = fixture.create();
  }

  @AfterEach
  void tearDown() throws IOException {
    fixture.close();
  }

  /** Everything that the host does with an agent's files. */
  private void useEverything() throws IOException {
    workspace.change();
    workspace.diff();
    var saved = workspace.checkpoint("saved");
    workspace.diff(saved, saved);
    workspace.publish(workspace.commit(workspace.change(), "work", AUTHOR, Instant.EPOCH));
    workspace.rollback(saved);
    workspace.close();
    workspace = fixture.workspaces.open(workspace.id());
    workspace.change();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "core.fsmonitor",
        "core.sshCommand",
        "core.pager",
        "core.editor",
        "core.askPass",
        "core.gitProxy",
        "core.alternateRefsCommand",
        "diff.external",
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "diff.evil.textconv",
        "diff.evil.command",
        "merge.evil.driver",
        "uploadpack.packObjectsHook",
        "gpg.program",
        "credential.helper",
        "alias.status"
      })
  void aCommandInTheAgentsGitConfigurationNeverRunsOnTheHost(String key) throws IOException {
    agent(
        workspace.tree(),
        "git config '%s' '%s'; echo '* filter=evil diff=evil merge=evil' > .gitattributes; echo x >> README.md"
            .formatted(key, evil));

    useEverything();

    assertThat(marker).doesNotExist();
  }

  @Test
  void hooksOfTheAgentNeverRunOnTheHost() throws IOException {
    agent(
        workspace.tree(),
        "for h in pre-commit post-commit post-checkout post-index-change reference-transaction pre-push update"
            + " post-receive post-update fsmonitor-watchman; do cp %s .git/hooks/$h; done; git config core.hooksPath .git/hooks; echo x >> README.md"
                .formatted(evil));

    useEverything();

    assertThat(marker).doesNotExist();
  }

  @Test
  void aRedirectedGitDirectoryIsNeverFollowed() throws IOException {
    Path decoy = Files.createDirectory(fixture.top.resolve("decoy"));
    sh(decoy, "git init -q . && git config core.fsmonitor " + evil);
    agent(
        workspace.tree(),
        "rm -rf .git; echo 'gitdir: %s/.git' > .git; echo x >> README.md".formatted(decoy));

    useEverything();

    assertThat(marker).doesNotExist();
    assertThat(workspace.change().files())
        .extracting(ChangedFile::path)
        .containsExactly("README.md");
  }

  @Test
  void includedConfigurationsAndAForeignWorktreeCountForNothing() throws IOException {
    agent(
        workspace.tree(),
        "printf '[core]\\n fsmonitor = %s\\n' > inc; git config include.path ../inc; git config core.worktree /etc; echo x >> README.md"
            .formatted(evil));

    useEverything();

    assertThat(marker).doesNotExist();
    assertThat(workspace.diff()).doesNotContain("root:");
  }

  @Test
  void hostileConfigurationOfTheUsersRepositoryRunsNothing() throws IOException {
    Path config = fixture.repository.resolve(".git/config");
    String mirror = fixture.mirror().toString();
    Files.writeString(
        config,
        Files.readString(config)
            + """
              [core]
              \tfsmonitor = EVIL
              \tsshCommand = EVIL
              \talternateRefsCommand = EVIL
              \thooksPath = HOOKS
              [uploadpack]
              \tpackObjectsHook = EVIL
              [filter "evil"]
              \tclean = EVIL
              \tsmudge = EVIL
              \trequired = true
              [diff]
              \texternal = EVIL
              [url "ssh://x/"]
              \tinsteadOf = MIRROR
              [remote "MIRROR"]
              \tuploadpack = EVIL
              """
                .replace("EVIL", evil.toString())
                .replace("HOOKS", fixture.top.toString())
                .replace("MIRROR", mirror));
    sh(
        fixture.top,
        "for h in reference-transaction post-checkout post-merge pre-push; do cp evil $h; done");
    fixture.write(".gitattributes", "* filter=evil\n");
    fixture.write("dirty", "d\n");
    workspace = fixture.workspaces.create(fixture.dirtySpec());
    agent(workspace.tree(), "echo x >> README.md");
    var commit = workspace.commit("work", AUTHOR);

    workspace.publish(commit);

    assertThat(marker).doesNotExist();
    assertThat(workspace.tree().resolve("dirty")).exists();
  }

  @Test
  void aLinkIsTakenAsALinkAndNeverFollowed() throws IOException {
    Path secret = Files.writeString(fixture.top.resolve("secret"), "TOP-SECRET\n");
    agent(
        workspace.tree(),
        "ln -s %s leak; ln -s %s dirlink; rm README.md; ln -s %s README.md; rm -r src; ln -s /etc src; rm .gitignore; ln -s %s .gitignore; echo a > a"
            .formatted(secret, fixture.top, secret, secret));

    var change = workspace.change();
    String diff = workspace.diff();
    var saved = workspace.checkpoint("links");
    workspace.rollback(saved);
    var commit = workspace.commit("links", AUTHOR);
    workspace.publish(commit);

    assertThat(change.files())
        .extracting(ChangedFile::path)
        .containsExactly(".gitignore", "README.md", "a", "dirlink", "leak", "src", "src/app.txt");
    assertThat(diff).doesNotContain("TOP-SECRET", "root:x").contains("new file mode 120000");
    assertThat(sh(fixture.repository, "git ls-tree -r holdfast/r-test"))
        .contains("120000 blob")
        .doesNotContain("dirlink/");
    assertThat(sh(fixture.state.resolve("workspaces"), "grep -r TOP-SECRET */checkpoints || true"))
        .isEmpty();
  }

  @Test
  void filesSwappedForLinksWhileTheyAreReadLeakNothing() throws Exception {
    Path secret = Files.writeString(fixture.top.resolve("secret"), "TOP-SECRET\n");
    Path tree = workspace.tree();
    var swapping = new Thread(() -> swap(tree, secret, fixture.top));
    swapping.start();
    try {
      for (int i = 0; i < 60; i++) {
        attempt(workspace::diff);
        attempt(() -> workspace.checkpoint("race").toString());
        attempt(() -> sh(fixture.repository, "true") + workspace.commit("race", AUTHOR));
      }
    } finally {
      swapping.interrupt();
      swapping.join(10_000);
    }

    assertThat(sh(fixture.state, "grep -rl TOP-SECRET workspaces/*/checkpoints || true")).isEmpty();
    Path mirror = fixture.mirror();
    assertThat(
            sh(
                mirror,
                "for o in $(git --git-dir=. cat-file --batch-all-objects --batch-check='%(objectname)'); do git --git-dir=. cat-file -p $o; done | grep -a TOP-SECRET || true"))
        .isEmpty();
  }

  private interface Act {
    String run() throws Exception;
  }

  /** A refusal is as good as an answer; what counts is that no answer holds the secret. */
  private static void attempt(Act act) throws Exception {
    try {
      assertThat(act.run()).doesNotContain("TOP-SECRET");
    } catch (WorkspaceException refused) {
      assertThat(refused.getMessage()).doesNotContain("TOP-SECRET");
    }
  }

  private static void swap(Path tree, Path secret, Path outside) {
    try {
      Path file = tree.resolve("swapped");
      Path directory = tree.resolve("folder");
      Path aside = tree.resolve("aside");
      Files.createDirectory(directory);
      Files.writeString(directory.resolve("secret"), "mine\n");
      while (!Thread.interrupted()) {
        Files.deleteIfExists(file);
        Files.writeString(file, "harmless\n");
        Files.delete(file);
        Files.createSymbolicLink(file, secret);
        Files.move(directory, aside);
        Files.createSymbolicLink(directory, outside);
        Files.delete(directory);
        Files.move(aside, directory);
      }
    } catch (IOException interrupted) {
      // The test is over.
    }
  }

  @Test
  void oddNamesAreKeptAsTheyAre() throws IOException {
    agent(
        workspace.tree(),
        "printf 1 > \"$(printf 'new\\nline')\"; printf 2 > \"$(printf 'tab\\there')\"; printf 3 > 'quo\"te\\back'; printf 4 > \"$(printf 'caf\\351')\"; printf 5 > ':(exclude)x'; printf 6 > -rf; printf 7 > 'é'; printf 8 > '!neg'; printf 9 > ' lead'");

    workspace.publish(workspace.commit("odd", AUTHOR));

    assertThat(workspace.change().files())
        .extracting(ChangedFile::path)
        .containsExactlyInAnyOrder(
            "new\nline",
            "tab\there",
            "quo\"te\\back",
            "\"caf\\351\"",
            ":(exclude)x",
            "-rf",
            "é",
            "!neg",
            " lead");
    assertThat(sh(fixture.repository, "git diff --name-only main holdfast/r-test | wc -l"))
        .isEqualTo("9");
    assertThat(sh(fixture.repository, "git show holdfast/r-test:$(printf 'caf\\351')"))
        .isEqualTo("4");
  }

  static Stream<String> gitNames() {
    return Stream.of(
        ".GIT",
        ".Git",
        "git~1",
        "GIT~1",
        ".git ",
        ".git.",
        ".git...",
        ".git::$INDEX_ALLOCATION",
        ".g\u200cit",
        "\u200c.git",
        ".git\ufeff",
        ".gi\u202et");
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.MethodSource("gitNames")
  void aNameThatSomeSystemTakesForDotGitIsRefused(String name) throws IOException {
    agent(workspace.tree(), "mkdir -p 'sub/%s'; echo x > 'sub/%s/config'".formatted(name, name));

    assertThatThrownBy(workspace::change)
        .isInstanceOf(WorkspaceException.class)
        .hasMessageContaining("`.git`")
        .hasMessageContaining("sub/");
    assertThatThrownBy(() -> workspace.commit("m", AUTHOR)).isInstanceOf(WorkspaceException.class);
  }

  @Test
  void aRepositoryInsideTheWorkspaceIsRefusedUnlessIgnored() throws IOException {
    agent(
        workspace.tree(),
        "mkdir nested target; git init -q nested; git init -q target/other; echo x > nested/f");

    assertThatThrownBy(workspace::change)
        .hasMessageContaining("nested/.git")
        .hasMessageNotContainingAny("target");

    agent(workspace.tree(), "rm -rf nested/.git");
    assertThat(workspace.change().files())
        .extracting(ChangedFile::path)
        .containsExactly("nested/f");
  }

  @Test
  void aFifoOrSocketIsRefusedUnlessIgnoredAndNeverBlocks() throws IOException {
    agent(workspace.tree(), "mkdir target; mkfifo target/pipe; echo x > a");
    assertThat(workspace.change().files()).extracting(ChangedFile::path).containsExactly("a");
    var saved = workspace.checkpoint("with a fifo");
    agent(workspace.tree(), "rm target/pipe; mkfifo pipe");

    assertThatThrownBy(workspace::change).hasMessageContaining("`pipe` is a fifo");

    workspace.rollback(saved);
    assertThat(agent(workspace.tree(), "test -p target/pipe && echo fifo")).isEqualTo("fifo");
  }

  @Test
  void namesThatDifferOnlyByCaseAreRefusedAndARenameIsNot() throws IOException {
    agent(workspace.tree(), "mv README.md Readme.md");
    assertThat(workspace.change().files())
        .extracting(ChangedFile::path)
        .containsExactly("README.md", "Readme.md");

    agent(workspace.tree(), "echo x > readme.md");

    assertThatThrownBy(workspace::change).hasMessageContaining("same file on macOS");
  }

  @Test
  void aHugeSparseFileCostsNothingAndIsRefused() throws IOException {
    agent(workspace.tree(), "truncate -s 500G huge");
    long start = System.nanoTime();

    var saved = workspace.checkpoint("sparse");
    assertThatThrownBy(workspace::change).hasMessageContaining("`huge` makes the change too large");
    agent(workspace.tree(), "rm huge");
    workspace.rollback(saved);

    assertThat(Files.size(workspace.tree().resolve("huge"))).isEqualTo(500L << 30);
    assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
  }

  @Test
  void directoriesReplacedByFilesAndTheOtherWayRound() throws IOException {
    agent(
        workspace.tree(),
        "rm -r src; echo file > src; rm README.md; mkdir README.md; echo in > README.md/x");

    workspace.publish(workspace.commit("swap", AUTHOR));

    assertThat(sh(fixture.repository, "git ls-tree -r --name-only holdfast/r-test"))
        .isEqualTo(".gitignore\nREADME.md/x\nsrc");
    agent(workspace.tree(), "rm src; mkdir src; echo new > src/other");
    assertThat(workspace.change().files())
        .extracting(ChangedFile::path)
        .contains("src/app.txt", "src/other");
    var saved = workspace.checkpoint("opaque");
    workspace.rollback(saved);
    assertThat(workspace.tree().resolve("src/app.txt")).doesNotExist();
  }

  @Test
  void aDeepDirectoryIsRefusedInsteadOfExhaustingTheHost() throws IOException {
    agent(
        workspace.tree(),
        "i=0; while [ $i -lt 400 ]; do mkdir d; cd d || exit 1; i=$((i+1)); done");

    assertThatThrownBy(workspace::change).hasMessageContaining("nested deeper");

    fixture.workspaces.delete(workspace.id());
    assertThat(fixture.mounts()).isEmpty();
  }
}
