package dev.holdfast.workspace.overlay;

import static dev.holdfast.workspace.overlay.Fixture.agent;
import static dev.holdfast.workspace.overlay.Fixture.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workspace.Workspace;
import dev.holdfast.workspace.WorkspaceException;
import dev.holdfast.workspace.WorkspaceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Workspaces made of the saved files of another. */
class CopyTest {
  @AutoClose private final Fixture fixture = Fixture.make();

  /** A workspace's files as an archive, and what else there is to know. */
  private record Saved(Path archive, Map<String, String> origin) {}

  private Saved saved(Workspace workspace) throws IOException {
    Path archive = Files.createTempFile(fixture.top, "saved", ".tar");
    sh(
        workspace.differences(),
        "tar --xattrs --xattrs-include=trusted.overlay.opaque -cf %s .".formatted(archive));
    return new Saved(archive, workspace.origin());
  }

  private Workspace copy(Saved saved, String branch) {
    return fixture.workspaces.copy(
        saved.origin(),
        WorkspaceId.random(),
        branch,
        into ->
            sh(
                into,
                "tar --xattrs --xattrs-include=trusted.overlay.opaque -xpf " + saved.archive()));
  }

  @Test
  void aCopyHasTheFilesAndABranchOfItsOwnAndOutlivesTheOriginal() throws IOException {
    fixture.write("deep/old", "hidden\n");
    fixture.commit("deep");
    var workspace = fixture.create();
    agent(
        workspace.tree(),
        "echo four >> src/app.txt; rm README.md; rm -r deep; mkdir deep; echo n > deep/new; mkdir -m 750 target; echo built > target/x;"
            + " ln -s /etc/passwd link; git add src; git commit -qm second; echo u > untracked");
    var hash = workspace.change().hash();
    var saved = saved(workspace);
    fixture.workspaces.delete(workspace.id());

    var one = copy(saved, "holdfast/w-one");
    var two = copy(saved, "holdfast/w-two");

    assertThat(one.change().hash()).isEqualTo(hash);
    assertThat(
            agent(
                one.tree(),
                "cat target/x deep/*; readlink link; stat -c %a target; git log --format=%s;"
                    + " git status --short --branch"))
        .isEqualTo(
            """
            built
            n
            /etc/passwd
            750
            second
            deep
            first
            ## holdfast/w-one
             D README.md
             D deep/old
            ?? deep/new
            ?? link
            ?? untracked""");
    agent(one.tree(), "echo mine > untracked; git commit -qam third");
    assertThat(agent(two.tree(), "cat untracked; git branch --format='%(refname:short)'"))
        .isEqualTo("u\nholdfast/w-two");
  }

  @Test
  void anotherBranchThatIsCheckedOutStays() throws IOException {
    var workspace = fixture.create();
    agent(workspace.tree(), "git checkout -q -b other");
    assertThat(agent(copy(saved(workspace), "holdfast/w-new").tree(), "git status -b --short"))
        .isEqualTo("## other");
  }

  @Test
  void linksInPlaceOfGitsFilesLeadNowhere() throws IOException {
    Path victim = Files.writeString(fixture.top.resolve("victim"), "untouched\n");
    Files.createDirectories(fixture.top.resolve("heads/holdfast"));
    Files.writeString(fixture.top.resolve("heads/holdfast/r-test"), "untouched\n");
    for (String trick :
        new String[] {
          "ln -sf %s .git/HEAD".formatted(victim),
          "rm -r .git/refs/heads; ln -s %s/heads .git/refs/heads".formatted(fixture.top),
          "rm .git/refs/heads/holdfast/r-test; mkfifo .git/refs/heads/holdfast/r-test",
          "mv .git elsewhere; ln -s %s .git".formatted(fixture.top),
          "rm -r .git"
        }) {
      var workspace = fixture.create();
      agent(workspace.tree(), trick);
      var copied = copy(saved(workspace), "holdfast/w-new");
      assertThat(victim).hasContent("untouched");
      assertThat(fixture.top.resolve("heads/holdfast/r-test")).hasContent("untouched");
      assertThat(fixture.top.resolve("heads/holdfast/w-new")).doesNotExist();
      fixture.workspaces.delete(copied.id());
      fixture.workspaces.delete(workspace.id());
    }
  }

  @Test
  void whatWasNotSavedIsRefusedAndNothingIsLeft() throws IOException {
    var saved = saved(fixture.create());
    assertThatThrownBy(() -> copy(new Saved(saved.archive(), Map.of()), "holdfast/w-new"))
        .isInstanceOf(WorkspaceException.class)
        .hasMessageContaining("has no `repository`");
    assertThatThrownBy(() -> copy(saved, "../x"))
        .isInstanceOf(WorkspaceException.class)
        .hasMessageContaining("branch `../x` is not allowed");
    assertThatThrownBy(
            () ->
                fixture.workspaces.copy(
                    saved.origin(), WorkspaceId.random(), "holdfast/w-new", this::fail))
        .isInstanceOf(WorkspaceException.class)
        .hasMessageContaining("cut short");
    assertThat(fixture.workspaces.list()).hasSize(1);
    assertThat(fixture.state.resolve("workspaces")).isDirectoryContaining(Files::isDirectory);
    try (var all = Files.list(fixture.state.resolve("workspaces"))) {
      assertThat(all).hasSize(1);
    }
  }

  private void fail(Path into) throws IOException {
    throw new IOException("cut short");
  }
}
