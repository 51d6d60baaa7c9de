package dev.holdfast.workspace.overlay;

import dev.holdfast.workspace.CommitId;
import dev.holdfast.workspace.WorkspaceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Puts a commit into a user's local repository as a branch. Objects go in through a pipe and as the
 * repository's owner, so no transport reads its configuration, no file in it ends up belonging to
 * somebody else, and neither hooks nor checked-out files are touched.
 */
final class HandOver {
  private final Mirror mirror;
  private final Source.Local target;

  HandOver(Mirror mirror, Source.Local target) {
    this.mirror = mirror;
    this.target = target;
  }

  void publish(CommitId commit, String branch) throws IOException {
    String ref = "refs/heads/" + branch;
    String old = there("rev-parse", "--verify", "--quiet", ref).run().text();
    if (old.equals(commit.value())) {
      return; // handed over before a crash; the person may have switched to it since
    }
    requireNotCheckedOut(branch, ref);
    if (!old.isEmpty() && !continues(old, commit)) {
      throw new WorkspaceException(
          "branch `%s` of `%s` holds other work: delete or rename it first"
              .formatted(branch, target.address()));
    }
    byte[] pack = pack(commit);
    there("index-pack", "--stdin", "--fix-thin").input(out -> out.write(pack)).check();
    String expected = old.isEmpty() ? "0".repeat(commit.value().length()) : old;
    there("update-ref", "-m", "holdfast: publish", ref, commit.value(), expected).check();
  }

  private void requireNotCheckedOut(String branch, String ref) throws IOException {
    String trees = there("worktree", "list", "--porcelain").check().text();
    if (trees.lines().anyMatch(("branch " + ref)::equals)) {
      throw new WorkspaceException(
          "branch `%s` of `%s` is checked out: switch to another one first"
              .formatted(branch, target.address()));
    }
  }

  private boolean continues(String old, CommitId commit) throws IOException {
    return mirror
            .git()
            .on(mirror.gitDir(), "merge-base", "--is-ancestor", old, commit.value())
            .run()
            .exit()
        == 0;
  }

  /** What the target lacks of the commit's history. */
  private byte[] pack(CommitId commit) throws IOException {
    var revisions = new ArrayList<>(List.of(commit.value()));
    String present = there("for-each-ref", "--format=^%(objectname)").check().text();
    present.lines().forEach(revisions::add);
    there("rev-parse", "--verify", "--quiet", "HEAD")
        .run()
        .text()
        .lines()
        .forEach(head -> revisions.add("^" + head));
    byte[] wanted =
        mirror
            .git()
            .on(mirror.gitDir(), "rev-list", "--objects", "--ignore-missing", "--stdin")
            .input(out -> out.write(lines(revisions)))
            .check()
            .out();
    return mirror
        .git()
        .on(mirror.gitDir(), "pack-objects", "--quiet", "--stdout")
        .input(out -> out.write(wanted))
        .check()
        .out();
  }

  private static byte[] lines(List<String> lines) {
    return lines.stream()
        .map(line -> line + "\n")
        .collect(Collectors.joining())
        .getBytes(StandardCharsets.UTF_8);
  }

  private Git.Command there(String... args) throws IOException {
    return mirror.git().on(target.gitDir(), args).asOwnerOf(target.gitDir());
  }
}
