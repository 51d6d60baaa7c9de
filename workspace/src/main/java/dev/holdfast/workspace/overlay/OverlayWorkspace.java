package dev.holdfast.workspace.overlay;

import dev.holdfast.workspace.Change;
import dev.holdfast.workspace.CheckpointId;
import dev.holdfast.workspace.CommitId;
import dev.holdfast.workspace.Workspace;
import dev.holdfast.workspace.WorkspaceException;
import dev.holdfast.workspace.WorkspaceId;
import dev.holdfast.workspace.WorkspaceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One workspace: its methods are serialised. */
final class OverlayWorkspace implements Workspace {
  /** How many times the disk's size all checkpoints together may take. */
  private static final long SAVED_TO_DISK = 4;

  private final Layout layout;
  private final WorkspaceSpec spec;
  private final Mirror mirror;
  private final MountedTree mounts;
  private final Checkpoints checkpoints;
  private final int owner;
  private final Runnable onClose;
  private boolean closed;

  OverlayWorkspace(
      Layout layout, WorkspaceSpec spec, Mirror mirror, BaseTree base, int owner, Runnable onClose)
      throws IOException {
    this.layout = layout;
    this.spec = spec;
    this.mirror = mirror;
    this.mounts = new MountedTree(layout, base, spec.diskBytes());
    this.checkpoints = new Checkpoints(layout.checkpoints(), SAVED_TO_DISK * spec.diskBytes());
    this.owner = owner;
    this.onClose = onClose;
  }

  @Override
  public WorkspaceId id() {
    return spec.id();
  }

  @Override
  public Path tree() {
    return layout.tree();
  }

  @Override
  public CommitId base() {
    return mounts.base().commit();
  }

  @Override
  public String branch() {
    return spec.branch();
  }

  @Override
  public Change change() {
    return locked(() -> Changes.describe(proposal(now())));
  }

  @Override
  public String diff() {
    return locked(() -> diffs().against(base(), proposal(now())));
  }

  @Override
  public String diff(CheckpointId from, CheckpointId to) {
    return locked(
        () -> {
          Proposal before = proposal(checkpoints.tree(from));
          Proposal after = proposal(from.equals(to) ? now() : checkpoints.tree(to));
          return diffs().between(base(), before, after);
        });
  }

  @Override
  public CheckpointId checkpoint(String label) {
    return locked(() -> checkpoints.save(now(), label));
  }

  @Override
  public List<SavedState> checkpoints() {
    return locked(checkpoints::list);
  }

  @Override
  public void rollback(CheckpointId id) {
    locked(
        () -> {
          checkpoints.read(id);
          mounts.release();
          announce(id);
          finishRollback();
          return id;
        });
  }

  /** The rollback file is there whole or not at all. */
  private void announce(CheckpointId id) throws IOException {
    Path draft = layout.rollback().resolveSibling("rollback.new");
    Files.writeString(draft, id.toString());
    Files.move(draft, layout.rollback(), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Has {@link #finishRollback} go to the last checkpoint, unless it is to go to another. */
  void returnToLast() throws IOException {
    if (!Files.exists(layout.rollback())) {
      announce(checkpoints.list().getLast().id());
    }
  }

  /** Does, or does again after a crash, what the rollback file asks for, and mounts the tree. */
  void finishRollback() throws IOException {
    if (Files.exists(layout.rollback())) {
      CheckpointId id = CheckpointId.parse(Files.readString(layout.rollback()).strip());
      new Restore(checkpoints, owner).apply(checkpoints.read(id), layout.upper());
      Files.delete(layout.rollback());
    }
    mounts.mount();
  }

  @Override
  public CommitId commit(String message, String author) {
    return locked(() -> commit(Optional.empty(), message, author, Instant.now()));
  }

  @Override
  public CommitId commit(Change approved, String message, String author, Instant at) {
    return locked(() -> commit(Optional.of(approved.hash()), message, author, at));
  }

  private CommitId commit(Optional<String> expected, String message, String author, Instant at)
      throws IOException {
    Proposal proposal = proposal(now());
    if (proposal.deltas().isEmpty()) {
      throw new WorkspaceException("there is nothing to commit: the files are unchanged");
    }
    var label = new CommitWriter.Label(author, message, at);
    return new CommitWriter(mirror.git(), mirror.gitDir())
        .write(base(), proposal, label, "refs/holdfast/work/" + id(), expected);
  }

  @Override
  public void publish(CommitId commit) {
    locked(
        () -> {
          mirror.publish(commit, branch());
          return commit;
        });
  }

  @Override
  public Path differences() {
    return layout.upper();
  }

  @Override
  public Map<String, String> origin() {
    return new Layout.Saved(spec, mirror.source(), base()).asText();
  }

  private Node.Folder now() throws IOException {
    return UpperWalk.read(layout.upper());
  }

  private Proposal proposal(Node.Folder state) throws IOException {
    return Proposal.of(mirror, mounts.base(), state, Files.createDirectories(layout.scratch()));
  }

  private Diffs diffs() throws IOException {
    return new Diffs(mirror, Files.createDirectories(layout.scratch()));
  }

  /** Nothing is lost when the disk goes: one that does not last is saved first. */
  @Override
  public void close() {
    try {
      saveWhatDoesNotLast();
    } finally {
      end();
    }
  }

  private synchronized void saveWhatDoesNotLast() {
    if (!closed && !Disk.isLasting()) {
      checkpoint("closed");
    }
  }

  /** What is told of the end takes other locks, and so not under this one. */
  private void end() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    onClose.run();
  }

  @FunctionalInterface
  private interface Step<T> {
    T run() throws IOException;
  }

  private synchronized <T> T locked(Step<T> step) {
    if (closed) {
      throw new WorkspaceException("workspace `%s` is closed: open it again".formatted(id()));
    }
    try {
      return step.run();
    } catch (IOException e) {
      throw new WorkspaceException("workspace `%s`: %s".formatted(id(), e.getMessage()), e);
    }
  }
}
