package dev.holdfast.server.workbench;

import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workspace.Workspace;
import dev.holdfast.workspace.WorkspaceId;
import dev.holdfast.workspace.WorkspaceSpec;
import dev.holdfast.workspace.Workspaces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The workspaces of workbenches that no run has. A file names each from before it is made until it
 * is gone, so that those of a server that was killed are found.
 */
final class SessionWorkspaces {
  /** Most that one grows. */
  private static final long DISK_BYTES = 4L << 30;

  private final Workspaces workspaces;
  private final Path names;

  SessionWorkspaces(Workspaces workspaces, Path names) {
    this.workspaces = workspaces;
    this.names = names;
  }

  /** Removes those that a server that was killed has left. */
  void removeAll() throws IOException {
    Files.createDirectories(names);
    List<Path> left;
    try (Stream<Path> found = Files.list(names)) {
      left = found.toList();
    }
    for (Path name : left) {
      workspaces.delete(new WorkspaceId(name.getFileName().toString()));
      Files.delete(name);
    }
  }

  /** Makes one over a repository's present commit. */
  Workspace create(String repository, WorkbenchId forWhom) {
    return named(
        id ->
            workspaces.create(
                new WorkspaceSpec(id, repository, "HEAD", branch(forWhom), false, DISK_BYTES)));
  }

  /** Makes one with the files of another. */
  Workspace copy(Map<String, String> origin, WorkbenchId forWhom, Workspaces.Filling files) {
    return named(id -> workspaces.copy(origin, id, branch(forWhom), files));
  }

  private static String branch(WorkbenchId forWhom) {
    return "holdfast/" + forWhom;
  }

  private Workspace named(Function<WorkspaceId, Workspace> making) {
    var id = WorkspaceId.random();
    try {
      Files.createFile(names.resolve(id.value()));
      return making.apply(id);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      forget(id);
      throw e;
    }
  }

  void delete(Workspace workspace) {
    workspace.close();
    workspaces.delete(workspace.id());
    forget(workspace.id());
  }

  private void forget(WorkspaceId id) {
    try {
      Files.deleteIfExists(names.resolve(id.value()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
