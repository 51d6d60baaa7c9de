package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.WorkbenchId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Where the workbenches of one state directory keep what they need on the host.
 *
 * @param home the state directory: what stays is here
 * @param live what is gone with the host's power is here, in memory where that can be
 */
record Layout(Path home, Path live) {
  /** How often it is tried to make directories that others remove. */
  private static final int ATTEMPTS = 100;

  private static final String LEASES = "leases";
  private static final String RUN = "run";

  /** Every path exists, and only its owner can enter it. */
  static Layout in(Path home) {
    try {
      Path state = home.toAbsolutePath().normalize();
      makePrivate(state.resolve("rootfs").resolve("empty"));
      var layout = new Layout(state, LivePlace.of(state));
      layout.make();
      return layout;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One for each place where workbenches of this state directory may be. */
  static List<Layout> allIn(Path home) {
    Layout first = in(home);
    return LivePlace.allOf(first.home()).stream()
        .map(live -> new Layout(first.home(), live))
        .toList();
  }

  /**
   * Makes what workbenches are claimed in; fine when it is there. Engines that close remove it,
   * also while it is made: that shows as a directory which is missing, or which was there a moment
   * ago.
   */
  void make() throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        for (Path directory : List.of(live, run(), leases())) {
          makePrivate(directory);
        }
        return;
      } catch (NoSuchFileException | FileAlreadyExistsException removedMeanwhile) {
        if (attempt == ATTEMPTS) {
          throw removedMeanwhile;
        }
      }
    }
  }

  /** Removes what {@link #make} made outside the state directory, unless something is in it. */
  void removeIfEmpty() throws IOException {
    if (!live.equals(home)) {
      removeIfEmpty(live);
    }
  }

  /** The same for a place of whatever state directory. */
  static void removeIfEmpty(Path live) throws IOException {
    for (Path directory : List.of(live.resolve(LEASES), live.resolve(RUN), live)) {
      try {
        Files.deleteIfExists(directory);
      } catch (DirectoryNotEmptyException inUse) {
        return;
      }
    }
  }

  Path leases() {
    return live.resolve(LEASES);
  }

  Path rootfs() {
    return home.resolve("rootfs");
  }

  /** What a workbench has for a workspace until it gets one. */
  Path empty() {
    return rootfs().resolve("empty");
  }

  /** One directory per workbench. */
  Path run() {
    return live.resolve(RUN);
  }

  Path run(WorkbenchId id) {
    return run().resolve(id.value());
  }

  /** What the runtime remembers about the workbench. */
  Path runtime(WorkbenchId id) {
    return run(id).resolve(LaunchPlan.STATE_NAME).resolve(id.value());
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
}
