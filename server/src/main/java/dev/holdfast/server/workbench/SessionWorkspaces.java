package dev.holdfast.server.workbench;

import dev.holdfast.server.wiring.Engines;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workspace.Workspace;
import dev.holdfast.workspace.WorkspaceException;
import dev.holdfast.workspace.WorkspaceId;
import dev.holdfast.workspace.WorkspaceSpec;
import dev.holdfast.workspace.Workspaces;
import dev.holdfast.workspace.overlay.OverlayWorkspaces;
import dev.holdfast.workspace.overlay.ScratchDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The workspaces of workbenches that no run has: over a repository, or empty on a disk of their
 * own. A file names each of the former from before it is made until it is gone, so that those of a
 * server that was killed are found.
 */
final class SessionWorkspaces {
  /** Most that one grows. */
  private static final long DISK_BYTES = 4L << 30;

  private final Path home;
  private final OverlayWorkspaces workspaces;
  private final Path names;

  SessionWorkspaces(Path home) {
    this.home = home;
    this.workspaces = new OverlayWorkspaces(home, Engines.OWNER);
    this.names = home.resolve("server").resolve("workspaces");
  }

  /** Removes those that a server that was killed has left. */
  void removeAll() throws IOException {
    workspaces.recover();
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

  /** Makes one over a repository's present commit, or an empty one. */
  SessionFiles create(Optional<String> repository, WorkbenchId forWhom) {
    return repository.map(it -> over(it, forWhom)).orElseGet(() -> onDisk(_ -> {}));
  }

  private SessionFiles over(String repository, WorkbenchId forWhom) {
    return named(
        id ->
            workspaces.create(
                new WorkspaceSpec(id, repository, "HEAD", branch(forWhom), false, DISK_BYTES)));
  }

  /** Makes one with the files of another. */
  SessionFiles copy(Map<String, String> origin, WorkbenchId forWhom, Workspaces.Filling files) {
    return origin.isEmpty()
        ? onDisk(files)
        : named(id -> workspaces.copy(origin, id, branch(forWhom), files));
  }

  private SessionFiles onDisk(Workspaces.Filling files) {
    try {
      var disk = ScratchDisk.make(home, DISK_BYTES);
      boolean made = false;
      try {
        Path tree = Files.createDirectory(disk.path().resolve("workspace"));
        Files.setAttribute(tree, "unix:uid", Engines.OWNER);
        Files.setAttribute(tree, "unix:gid", Engines.OWNER);
        files.into(tree);
        disk.settle();
        made = true;
        return new SessionFiles(tree, tree, Map.of(), () -> remove(disk));
      } finally {
        if (!made) {
          disk.close();
        }
      }
    } catch (IOException e) {
      throw new WorkspaceException("no workspace could be made: " + e.getMessage(), e);
    }
  }

  private static void remove(ScratchDisk disk) {
    try {
      disk.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String branch(WorkbenchId forWhom) {
    return "holdfast/" + forWhom;
  }

  private SessionFiles named(Function<WorkspaceId, Workspace> making) {
    var id = WorkspaceId.random();
    try {
      Files.createFile(names.resolve(id.value()));
      Workspace made = making.apply(id);
      return new SessionFiles(made.tree(), made.differences(), made.origin(), () -> delete(made));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      forget(id);
      throw e;
    }
  }

  private void delete(Workspace workspace) {
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
