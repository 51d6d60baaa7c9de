package dev.holdfast.workspace.overlay;

import dev.holdfast.workspace.WorkspaceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The two mounts of a workspace: its disk, and the overlay of the disk over the base.
 *
 * @param diskBytes what the disk can hold
 */
record MountedTree(Layout layout, BaseTree base, long diskBytes) {
  /** Mounts whatever is not mounted yet. */
  void mount() throws IOException {
    Mounts.Table table = Mounts.Table.read();
    if (!table.contains(layout.disk())) {
      Disk.mount(diskBytes, layout);
    }
    if (!table.contains(layout.tree())) {
      overlay();
    }
  }

  void overlay() throws IOException {
    Mounts.overlay(base.tree(), layout.upper(), layout.work(), layout.tree());
  }

  /**
   * Takes the tree away from under everybody but those who use it now.
   *
   * @throws WorkspaceException when somebody does
   */
  void release() throws IOException {
    try {
      Mounts.unmount(layout.tree());
    } catch (SystemError e) {
      if (e.errno() == SystemError.EBUSY) {
        throw new WorkspaceException(
            "the files of the workspace are in use: end its workbench first", e);
      }
      throw e;
    }
  }

  /** Ends both mounts, whoever uses them. */
  static void end(Layout layout) throws IOException {
    Mounts.Table table = Mounts.Table.read();
    for (Path point : List.of(layout.tree(), layout.disk())) {
      long stacked = table.points().stream().filter(point::equals).count();
      for (long i = 0; i < stacked; i++) {
        try {
          Mounts.unmount(point);
        } catch (SystemError busy) {
          Mounts.detach(point);
        }
      }
    }
  }
}
