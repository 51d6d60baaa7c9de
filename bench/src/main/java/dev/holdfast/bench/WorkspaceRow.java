package dev.holdfast.bench;

import dev.holdfast.workbench.oci.OciEngine;
import dev.holdfast.workspace.WorkspaceId;
import dev.holdfast.workspace.WorkspaceSpec;
import dev.holdfast.workspace.overlay.OverlayWorkspaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.stream.Stream;

/** Making a workspace, seeing what changed in it, or ending it, over 200,000 files. */
final class WorkspaceRow implements Row {
  private static final int FILES = 200_000;
  private static final int EDITED = 10;

  private final Step step;

  /** What is timed. */
  enum Step {
    CREATE("workspace-create", 50),
    CHANGED("workspace-changed", 20),
    DESTROY("workspace-destroy", 50);

    private final String row;
    private final double mostMillis;

    Step(String row, double mostMillis) {
      this.row = row;
      this.mostMillis = mostMillis;
    }
  }

  WorkspaceRow(Step step) {
    this.step = step;
  }

  @Override
  public String name() {
    return step.row;
  }

  @Override
  public String about() {
    return switch (step) {
      case CREATE ->
          "a workspace over 200,000 files; peers: git worktree add, git clone --local, cp -a";
      case CHANGED -> "what changed, 10 files edited in 200,000; peer: git status";
      case DESTROY ->
          "a workspace over 200,000 files removed; peers: git worktree remove, rm -rf of a clone";
    };
  }

  @Override
  public Result measure(Setting setting) throws Exception {
    setting.progress().println("bench: preparing a repository of 200,000 files, once");
    var repository = Repositories.cached(setting.cache(), FILES);
    var state = setting.temporary("workspace");
    int owner;
    try (var engine = OciEngine.open(state)) {
      owner = engine.owner();
    }
    var workspaces = new OverlayWorkspaces(state, owner);
    setting.ends().add("workspaces", () -> workspaces.list().forEach(workspaces::delete));
    var peers = new TreePeers(repository, Files.createDirectories(state.resolve("peers")));
    setting.ends().add("git worktree", peers::prune);
    var race = new Race(() -> ours(workspaces, repository));
    // Peers take seconds, minutes on a busy machine: two of each are enough beside dozens of ours.
    int rounds = setting.rounds(30);
    int every = Math.max(1, rounds / 2);
    switch (step) {
      case CREATE ->
          race.against("git worktree add", every, peers::addWorktree)
              .against("git clone --local", every, peers::cloneLocally)
              .against("cp -a", every, peers::copy);
      case CHANGED -> race.against("git status", every, peers::status);
      case DESTROY ->
          race.against("git worktree remove", every, peers::removeWorktree)
              .against("rm -rf of a clone", every, peers::removeClone);
    }
    ours(workspaces, repository);
    return result(race.run(0, rounds, Duration.ofMinutes(15)));
  }

  private Result result(Race.Outcome outcome) {
    return Result.of(
        this,
        Result.Unit.MILLIS,
        outcome,
        Verdict.atMost(
            1,
            Result.Unit.MILLIS.p50(outcome.ours()) / step.mostMillis,
            "p50 ≤ %.0f ms (ratio: to that)".formatted(step.mostMillis)));
  }

  private long ours(OverlayWorkspaces workspaces, Path repository) throws IOException {
    var id = WorkspaceId.random();
    var spec =
        new WorkspaceSpec(id, repository.toString(), "HEAD", "holdfast/bench", false, 1L << 28);
    long start = System.nanoTime();
    var workspace = workspaces.create(spec);
    long created = System.nanoTime();
    edit(workspace.tree());
    long edited = System.nanoTime();
    int changed = workspace.change().files().size();
    long seen = System.nanoTime();
    if (changed != EDITED) {
      throw new BenchException("`%d` files were edited, `%d` seen".formatted(EDITED, changed));
    }
    workspaces.delete(id);
    long deleted = System.nanoTime();
    return switch (step) {
      case CREATE -> created - start;
      case CHANGED -> seen - edited;
      case DESTROY -> deleted - seen;
    };
  }

  static void edit(Path tree) throws IOException {
    try (Stream<Path> files = Files.list(tree.resolve("d007/p03"))) {
      for (var file : files.sorted().limit(EDITED).toList()) {
        Files.writeString(file, "// edited\n", StandardOpenOption.APPEND);
      }
    }
  }
}
