package dev.holdfast.workspace.overlay;

import static dev.holdfast.workspace.overlay.Fixture.agent;
import static dev.holdfast.workspace.overlay.Fixture.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workspace.Change.ChangedFile;
import dev.holdfast.workspace.Change.Kind;
import dev.holdfast.workspace.CheckpointId;
import dev.holdfast.workspace.WorkspaceException;
import dev.holdfast.workspace.WorkspaceId;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class OverlayWorkspacesTest {
  @AutoClose private final Fixture fixture = Fixture.make();

  @Test
  void aWorkspaceHoldsTheCommitOnItsBranchAndGitWorksInIt() throws IOException {
    var workspace = fixture.create();

    assertThat(workspace.tree().resolve("src/app.txt")).hasContent("one\ntwo\nthree\n");
    assertThat(agent(workspace.tree(), "git status --porcelain --branch"))
        .isEqualTo("## holdfast/r-test");
    assertThat(agent(workspace.tree(), "git log --format=%s")).isEqualTo("first");
    assertThat(workspace.change().isEmpty()).isTrue();
    assertThat(workspace.base().value()).isEqualTo(sh(fixture.repository, "git rev-parse HEAD"));
  }

  @Test
  void theChangeListsWhatDiffersAndLeavesIgnoredFilesOut() throws IOException {
    var workspace = fixture.create();
    agent(
        workspace.tree(),
        "echo four >> src/app.txt; rm README.md; mkdir -p target new; echo x > target/x;"
            + " echo x > a.log; printf 'a\\nb\\n' > new/file; chmod +x .gitignore");

    assertThat(workspace.change().files())
        .containsExactly(
            new ChangedFile(".gitignore", Kind.MODE_CHANGED, false, 0, 0),
            new ChangedFile("README.md", Kind.DELETED, false, 0, 1),
            new ChangedFile("new/file", Kind.ADDED, false, 2, 0),
            new ChangedFile("src/app.txt", Kind.MODIFIED, false, 1, 0));
    assertThat(workspace.diff()).contains("+four", "deleted file mode 100644", "+++ b/new/file");
  }

  @Test
  void aRollbackBringsEveryFileBackIgnoredAndUntrackedOnesToo() throws IOException {
    var workspace = fixture.create();
    agent(workspace.tree(), "mkdir target; echo built > target/x; echo a > u; rm README.md");
    CheckpointId saved = workspace.checkpoint("built");
    var hash = workspace.change().hash();
    agent(workspace.tree(), "rm -r target u src; echo new > README.md; git checkout -q -b other");

    workspace.rollback(saved);

    assertThat(workspace.tree().resolve("target/x")).hasContent("built\n");
    assertThat(workspace.tree().resolve("src/app.txt")).exists();
    assertThat(workspace.tree().resolve("README.md")).doesNotExist();
    assertThat(workspace.change().hash()).isEqualTo(hash);
    assertThat(agent(workspace.tree(), "git rev-parse --abbrev-ref HEAD"))
        .isEqualTo("holdfast/r-test");
    workspace.rollback(new CheckpointId(0));
    assertThat(workspace.change().isEmpty()).isTrue();
    assertThat(workspace.checkpoints()).extracting("label").containsExactly("created", "built");
  }

  @Test
  void aDiffBetweenCheckpointsShowsOnlyThatStep() throws IOException {
    var workspace = fixture.create();
    agent(workspace.tree(), "echo first > one");
    CheckpointId one = workspace.checkpoint("one");
    agent(workspace.tree(), "echo second > two");
    CheckpointId two = workspace.checkpoint("two");
    agent(workspace.tree(), "echo third > three");

    assertThat(workspace.diff(one, two)).contains("second").doesNotContain("first", "third");
    assertThat(workspace.diff(one, one)).contains("second", "third").doesNotContain("first");
  }

  @Test
  void aPublishedCommitIsABranchAndTheCheckoutStaysAsItWas() throws IOException {
    var workspace = fixture.create();
    agent(workspace.tree(), "echo four >> src/app.txt");
    String before = snapshotOfCheckout();

    var commit = workspace.commit("Add four\n", "Agent <a@example.com>");
    workspace.publish(commit);

    assertThat(sh(fixture.repository, "git log --format='%s|%an' main..holdfast/r-test"))
        .isEqualTo("Add four|Agent");
    assertThat(sh(fixture.repository, "git show holdfast/r-test:src/app.txt")).endsWith("four");
    assertThat(snapshotOfCheckout()).isEqualTo(before);
  }

  private String snapshotOfCheckout() throws IOException {
    return sh(
        fixture.repository,
        "find . -path ./.git/objects -prune -o -path ./.git/refs -prune -o -path ./.git/logs -prune"
            + " -o -type f -printf '%p %T@ %i %s\\n' | sort");
  }

  @Test
  void onlyTheApprovedChangeIsCommitted() throws IOException {
    var workspace = fixture.create();
    agent(workspace.tree(), "echo four >> src/app.txt");
    var approved = workspace.change();
    agent(workspace.tree(), "echo five >> src/app.txt");

    assertThatThrownBy(
            () -> workspace.commit(approved, "m", "Agent <a@example.com>", Instant.EPOCH))
        .isInstanceOf(WorkspaceException.class)
        .hasMessageContaining(approved.hash());
    assertThat(sh(fixture.mirror(), "git --git-dir=. for-each-ref refs/holdfast/work")).isEmpty();

    var commit = workspace.commit(workspace.change(), "m", "Agent <a@example.com>", Instant.EPOCH);
    workspace.publish(commit);
    assertThat(sh(fixture.repository, "git show holdfast/r-test:src/app.txt")).endsWith("five");
  }

  @Test
  void whatIsPublishedBelongsToTheRepositorysOwner() throws IOException {
    sh(fixture.top, "chmod 755 . && chown -R 65534:65534 project");
    var workspace = fixture.create();
    agent(workspace.tree(), "echo four >> src/app.txt");

    workspace.publish(workspace.commit("Add four", "Agent <a@example.com>"));

    assertThat(sh(fixture.repository, "find . ! -uid 65534 -o ! -gid 65534")).isEmpty();
    assertThat(
            sh(
                fixture.repository,
                "setpriv --reuid=65534 --regid=65534 --clear-groups git log -1 --format=%s holdfast/r-test"))
        .isEqualTo("Add four");
  }

  @Test
  void aBranchThatIsCheckedOutOrForeignIsNotOverwritten() throws IOException {
    var workspace = fixture.create();
    agent(workspace.tree(), "echo four >> src/app.txt");
    var commit = workspace.commit("m", "Agent <a@example.com>");
    sh(
        fixture.repository,
        "git checkout -q -b holdfast/r-test && git commit -q --allow-empty -m mine");

    assertThatThrownBy(() -> workspace.publish(commit))
        .isInstanceOf(WorkspaceException.class)
        .hasMessageContaining("holdfast/r-test");
    sh(fixture.repository, "git checkout -q main");
    assertThatThrownBy(() -> workspace.publish(commit)).isInstanceOf(WorkspaceException.class);
    assertThat(sh(fixture.repository, "git log -1 --format=%s holdfast/r-test")).isEqualTo("mine");
  }

  @Test
  void aClosedWorkspaceIsUnmountedAndOpensAgainWithItsFiles() throws IOException {
    var spec = fixture.spec();
    try (var workspace = fixture.workspaces.create(spec)) {
      agent(workspace.tree(), "echo kept > file");
    }
    assertThat(fixture.mounts()).isEmpty();

    var again = fixture.workspaces.open(spec.id());

    assertThat(again.tree().resolve("file")).hasContent("kept\n");
    assertThat(again.branch()).isEqualTo("holdfast/r-test");
    assertThat(again.checkpoints()).hasSize(1);
  }

  @Test
  void aDeletedWorkspaceLeavesNothing() throws IOException {
    var workspace = fixture.create();
    agent(workspace.tree(), "echo x > file");

    fixture.workspaces.delete(workspace.id());

    assertThat(fixture.mounts()).isEmpty();
    assertThat(fixture.workspaces.list()).isEmpty();
    assertThat(fixture.state.resolve("workspaces")).isEmptyDirectory();
    assertThatThrownBy(() -> fixture.workspaces.open(workspace.id()))
        .isInstanceOf(WorkspaceException.class)
        .hasMessageContaining("does not exist");
    fixture.workspaces.delete(new WorkspaceId("s-none"));
  }

  @Test
  void dirtyFilesComeAlongAndTheChangeShowsOnlyTheAgentsWork() throws IOException {
    fixture.write("src/app.txt", "one\nTWO\nthree\n");
    fixture.write("untracked", "u\n");
    fixture.write("target/ignored", "i\n");
    Files.delete(fixture.repository.resolve("README.md"));
    String before = snapshotOfCheckout();

    var workspace = fixture.workspaces.create(fixture.dirtySpec());

    assertThat(workspace.tree().resolve("src/app.txt")).content().contains("TWO");
    assertThat(workspace.tree().resolve("untracked")).exists();
    assertThat(workspace.tree().resolve("target")).doesNotExist();
    assertThat(workspace.tree().resolve("README.md")).doesNotExist();
    assertThat(workspace.change().isEmpty()).isTrue();
    assertThat(snapshotOfCheckout()).isEqualTo(before);
    agent(workspace.tree(), "echo mine > agent");
    workspace.publish(workspace.commit("work", "Agent <a@example.com>"));
    assertThat(sh(fixture.repository, "git diff --stat main holdfast/r-test~1 | tail -1"))
        .contains("3 files changed");
    assertThat(sh(fixture.repository, "git diff --name-only holdfast/r-test~1 holdfast/r-test"))
        .isEqualTo("agent");
  }

  @Test
  void theDiskIsCapped() throws IOException {
    var workspace = fixture.create();

    String said =
        agent(
            workspace.tree(),
            "dd if=/dev/zero of=big bs=1M count=200 2>&1 || true; stat -c %s big; rm big; echo ok > small; cat small");

    assertThat(said).contains("No space left on device").endsWith("ok");
  }

  @Test
  void theAgentCannotChangeWhatOtherWorkspacesStartFrom() throws IOException {
    var one = fixture.create();
    agent(one.tree(), "echo bad > README.md; rm -rf .git/objects; rm -rf src");

    var two = fixture.create();

    assertThat(two.tree().resolve("README.md")).hasContent("hello\n");
    assertThat(agent(two.tree(), "git fsck 2>&1; git status --porcelain")).doesNotContain("bad");
  }
}
