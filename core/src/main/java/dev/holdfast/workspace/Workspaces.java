package dev.holdfast.workspace;

import java.util.List;

/** Makes and finds workspaces. Thread-safe; workspaces outlive the process. */
public interface Workspaces {
  /**
   * Makes a workspace: an overlay over the shared, read-only tree of the repository's commit.
   *
   * @throws WorkspaceException when the repository or revision cannot be used
   */
  Workspace create(WorkspaceSpec spec);

  /**
   * Opens one that was made before, mounting it again where needed.
   *
   * @throws WorkspaceException when there is none
   */
  Workspace open(WorkspaceId id);

  /** The workspaces on disk. */
  List<WorkspaceId> list();

  /** Ends a workspace and removes everything it held; does nothing when there is none. */
  void delete(WorkspaceId id);
}
