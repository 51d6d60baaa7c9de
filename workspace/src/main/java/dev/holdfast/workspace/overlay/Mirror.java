package dev.holdfast.workspace.overlay;

import dev.holdfast.workspace.CommitId;
import dev.holdfast.workspace.WorkspaceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Holdfast's own bare copy of a repository: the only one that host-side git writes into. */
final class Mirror {
  private final Git git;
  private final Source source;
  private final Path gitDir;

  Mirror(Git git, Source source, Path gitDir) {
    this.git = git;
    this.source = source;
    this.gitDir = gitDir;
  }

  Path gitDir() {
    return gitDir;
  }

  Source source() {
    return source;
  }

  Git git() {
    return git;
  }

  /** The commit that {@code revision} names, with its history present here. */
  CommitId fetch(String revision) throws IOException {
    return switch (source) {
      case Source.Local local -> fetchLocal(local, revision);
      case Source.Remote remote -> fetchRemote(remote, revision);
    };
  }

  private CommitId fetchLocal(Source.Local local, String revision) throws IOException {
    CommitId commit =
        Source.resolve(git, local.gitDir(), revision)
            .orElseThrow(() -> unknown(local.address(), revision));
    // Written by the fetch below, after the objects.
    if (!Files.exists(gitDir.resolve("refs/holdfast/base").resolve(commit.value()))) {
      initialise(commit.value().length() == 64);
      fetchRefs(local.address(), List.of(commit.value() + ":refs/holdfast/base/" + commit.value()));
    }
    return commit;
  }

  private CommitId fetchRemote(Source.Remote remote, String revision) throws IOException {
    if (revision.matches("[0-9a-f]{40}([0-9a-f]{24})?") && Files.exists(gitDir)) {
      var known = Source.resolve(git, gitDir, revision);
      if (known.isPresent()) {
        return known.get();
      }
    }
    initialise(false);
    fetchRefs(remote.address(), List.of("+HEAD:refs/holdfast/head"));
    String wanted = revision.equals("HEAD") ? "refs/holdfast/head" : revision;
    return Source.resolve(git, gitDir, wanted)
        .orElseThrow(() -> unknown(remote.address(), revision));
  }

  /** Hands {@code commit} over as {@code branch}; a branch that it does not continue stays. */
  void publish(CommitId commit, String branch) throws IOException {
    switch (source) {
      case Source.Local local -> new HandOver(this, local).publish(commit, branch);
      case Source.Remote remote -> push(remote, commit, branch);
    }
  }

  private void push(Source.Remote remote, CommitId commit, String branch) throws IOException {
    String spec = commit + ":refs/heads/" + branch;
    var result =
        git.on(gitDir, "push", "--quiet", "--end-of-options", remote.address(), spec).run();
    if (result.exit() != 0) {
      throw new WorkspaceException(
          "branch `%s` was not written to `%s`: %s"
              .formatted(branch, source.address(), result.err()));
    }
  }

  private static WorkspaceException unknown(String address, String revision) {
    return new WorkspaceException(
        "revision `%s` is not a commit of `%s`".formatted(revision, address));
  }

  private void fetchRefs(String address, List<String> more) throws IOException {
    var args =
        new ArrayList<>(
            List.of(
                "-c",
                "fetch.unpackLimit=1",
                "fetch",
                "--quiet",
                "--force",
                "--no-auto-maintenance",
                "--update-shallow",
                "--no-write-fetch-head",
                "--end-of-options",
                address,
                "+refs/heads/*:refs/heads/*",
                "+refs/tags/*:refs/tags/*"));
    args.addAll(more);
    git.on(gitDir, args.toArray(String[]::new)).check();
  }

  private void initialise(boolean sha256) throws IOException {
    if (Files.exists(gitDir.resolve("HEAD"))) {
      return;
    }
    git.command(
            List.of(
                "init",
                "--quiet",
                "--bare",
                "--template=",
                "--object-format=" + (sha256 ? "sha256" : "sha1"),
                gitDir.toString()))
        .check();
  }
}
