package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.WorkbenchId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/** Where the workbenches of one state directory keep what they need on the host. */
record Layout(Path home) {
  /** Every path of the state directory exists, and only its owner can enter it. */
  static Layout in(Path home) {
    var layout = new Layout(home.toAbsolutePath().normalize());
    try {
      for (Path directory : new Path[] {layout.run(), layout.runtimes(), layout.leases()}) {
        makePrivate(directory);
      }
      makePrivate(layout.rootfs());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return layout;
  }

  Path leases() {
    return home.resolve("leases");
  }

  Path rootfs() {
    return home.resolve("rootfs");
  }

  /** One directory per workbench. */
  Path run() {
    return home.resolve("run");
  }

  /** What runtimes remember about their containers. */
  Path runtimes() {
    return home.resolve("run").resolve("oci");
  }

  Path run(WorkbenchId id) {
    return run().resolve(id.value());
  }

  Path runtime(WorkbenchId id) {
    return runtimes().resolve(id.value());
  }

  /** A short name for the workbench's directory, while a socket is bound in it. */
  Path shortcut(WorkbenchId id) {
    return Path.of("/tmp", ".holdfast-" + id);
  }

  static void makePrivate(Path directory) throws IOException {
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /** Removes a tree; links are removed, not followed. Fine when there is none. */
  static void delete(Path tree) throws IOException {
    try {
      Files.walkFileTree(tree, new Remover());
    } catch (NoSuchFileException gone) {
      // Somebody removed it first.
    }
  }

  private static final class Remover extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(
        Path directory, @org.jspecify.annotations.Nullable IOException failure) throws IOException {
      Files.deleteIfExists(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
