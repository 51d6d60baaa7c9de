package dev.holdfast.workspace;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

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

  /**
   * Makes a workspace with the files of another, over the same base. It has no saved states yet.
   * Where the other had its branch checked out, this one has its own.
   *
   * @param origin what {@link Workspace#origin} told
   * @param branch the branch made for the work, as in {@link WorkspaceSpec}
   * @param differences puts into an empty directory what was saved of {@link Workspace#differences}
   * @throws WorkspaceException when it cannot be made; nothing is left then
   */
  Workspace copy(Map<String, String> origin, WorkspaceId id, String branch, Filling differences);

  /** Puts files into a directory. */
  @FunctionalInterface
  interface Filling {
    /** Puts them into an empty directory of the host. */
    void into(Path directory) throws IOException;
  }

  /** The workspaces on disk. */
  List<WorkspaceId> list();

  /** Ends a workspace and removes everything it held; does nothing when there is none. */
  void delete(WorkspaceId id);
}
