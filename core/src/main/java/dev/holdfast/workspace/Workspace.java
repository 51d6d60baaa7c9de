package dev.holdfast.workspace;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The files an agent works on. The host never runs git on them and never follows their links: it
 * reads the overlay's upper directory and writes objects into a repository of its own.
 */
public interface Workspace extends AutoCloseable {
  WorkspaceId id();

  /** The writable tree on the host, to be mounted into a workbench. */
  Path tree();

  /** The commit the work starts from. With dirty files included, a commit that holds them. */
  CommitId base();

  String branch();

  /** What has changed since {@link #base()}; costs as much as the change, not as the repository. */
  Change change();

  /** The change as a unified diff in git's format, binary files included. */
  String diff();

  /** The diff between two checkpoints, or from {@code from} to the present state when equal. */
  String diff(CheckpointId from, CheckpointId to);

  /**
   * Saves the present state, ignored and untracked files included, at the cost of what changed. A
   * state like the last saved one is that one.
   */
  CheckpointId checkpoint(String label);

  /** Every checkpoint, oldest first, with its label. */
  List<SavedState> checkpoints();

  /** A checkpoint and what was done before it was taken. */
  record SavedState(CheckpointId id, String label, long changedPaths) {}

  /**
   * Returns to a saved state. No workbench may use the workspace meanwhile: {@link #tree()} is
   * unmounted and mounted again.
   *
   * @throws WorkspaceException when there is no such checkpoint or the tree is in use
   */
  void rollback(CheckpointId id);

  /**
   * Commits the change on top of {@link #base()} in Holdfast's own repository.
   *
   * @param message the commit's message
   * @param author {@code Name <mail>}
   * @throws WorkspaceException when there is nothing to commit
   */
  CommitId commit(String message, String author);

  /**
   * As {@link #commit(String, String)}, when the files are still those of {@code approved}; checked
   * on the very bytes that are committed. Done again with the same arguments, it makes the same
   * commit.
   *
   * @param at when it was written, to the second
   * @throws WorkspaceException when they are not; nothing is committed then
   */
  CommitId commit(Change approved, String message, String author, Instant at);

  /**
   * Hands a commit over to the repository that the workspace came from, as {@link #branch()}; its
   * checked-out files and index are not touched. A branch that holds the commit already is left.
   */
  void publish(CommitId commit);

  /**
   * Where what differs from {@link #base()} is on the host, ignored and untracked files included.
   * It is an agent's; saved whole, with device nodes and the attribute {@code
   * trusted.overlay.opaque}, which stand for what was deleted, and put into a {@link
   * Workspaces#copy}, it makes the same files.
   */
  Path differences();

  /** What {@link Workspaces#copy} has to know of this workspace, by names of its own. */
  Map<String, String> origin();

  /** Unmounts; the workspace stays on disk. Idempotent. */
  @Override
  void close();
}
