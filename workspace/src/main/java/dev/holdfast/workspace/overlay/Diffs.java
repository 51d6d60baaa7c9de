package dev.holdfast.workspace.overlay;

import dev.holdfast.workspace.CommitId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** Unified diffs, made from git objects in a throw-away repository that borrows the mirror's. */
final class Diffs {
  private static final CommitWriter.Label LABEL =
      new CommitWriter.Label("Holdfast <holdfast@holdfast.invalid>", "diff", Instant.EPOCH);
  private final Mirror mirror;
  private final Path scratch;

  Diffs(Mirror mirror, Path scratch) {
    this.mirror = mirror;
    this.scratch = scratch;
  }

  String against(CommitId base, Proposal proposal) throws IOException {
    return between(base, new Proposal(java.util.List.of()), proposal);
  }

  String between(CommitId base, Proposal before, Proposal after) throws IOException {
    Path gitDir = Files.createTempDirectory(scratch, "diff");
    try {
      prepare(gitDir, base.value().length() == 64);
      CommitId old = commit(gitDir, base, before);
      CommitId fresh = commit(gitDir, base, after);
      byte[] diff =
          mirror
              .git()
              .on(
                  gitDir,
                  "diff-tree",
                  "-p",
                  "--binary",
                  "--full-index",
                  "--no-ext-diff",
                  "--no-textconv",
                  "--no-renames",
                  "--no-color",
                  "--submodule=short",
                  old.value(),
                  fresh.value())
              .check()
              .out();
      return new String(diff, StandardCharsets.UTF_8);
    } finally {
      Trees.delete(gitDir);
    }
  }

  private CommitId commit(Path gitDir, CommitId base, Proposal proposal) throws IOException {
    return proposal.deltas().isEmpty()
        ? base
        : new CommitWriter(mirror.git(), gitDir)
            .write(base, proposal, LABEL, "refs/heads/diff", java.util.Optional.empty());
  }

  private void prepare(Path gitDir, boolean sha256) throws IOException {
    Files.createDirectories(gitDir.resolve("refs"));
    Path info = Files.createDirectories(gitDir.resolve("objects/info"));
    Files.writeString(gitDir.resolve("HEAD"), "ref: refs/heads/none\n");
    Files.writeString(
        gitDir.resolve("config"), "[core]\n\tbare = true\n" + BaseBuilder.format(sha256));
    Files.writeString(info.resolve("alternates"), mirror.gitDir().resolve("objects") + "\n");
  }
}
