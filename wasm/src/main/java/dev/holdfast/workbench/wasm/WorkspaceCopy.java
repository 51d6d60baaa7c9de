package dev.holdfast.workbench.wasm;

import dev.holdfast.workbench.WorkbenchException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Copies a workspace into memory. The only place of this layer that opens files of the host: before
 * any program runs, and without following links, which are left out.
 */
final class WorkspaceCopy {
  /** Of all files, each counted with a little more. */
  static final long MOST_BYTES = 256L << 20;

  private WorkspaceCopy() {}

  static void into(FileTree tree, Path workspace) {
    try {
      Files.walkFileTree(
          workspace,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              if (attributes.isRegularFile()) {
                copy(tree, workspace, file);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new WorkbenchException(
          "the workspace cannot be copied into memory: " + e.getMessage(), e);
    } catch (WasiError full) {
      throw new WorkbenchException(
          "the workspace has more than `%d` bytes: layer `wasm` copies it into memory; use another layer"
              .formatted(MOST_BYTES),
          full);
    }
  }

  private static void copy(FileTree tree, Path workspace, Path file) throws IOException {
    try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      var content = in.readNBytes((int) MOST_BYTES + 1);
      tree.place(workspace.relativize(file).toString(), content);
    }
  }
}
