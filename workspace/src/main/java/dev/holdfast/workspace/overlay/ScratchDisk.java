package dev.holdfast.workspace.overlay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * An empty directory of bounded size: a disk of its own, gone when it is closed. What a dead
 * process left is removed when the next one is made, or with workspaces that dead ones left.
 */
public final class ScratchDisk implements AutoCloseable {
  private final Layout layout;

  private ScratchDisk(Layout layout) {
    this.layout = layout;
  }

  /**
   * Makes one.
   *
   * @param stateDir Holdfast's directory; made when missing
   * @param bytes the most that it can hold
   */
  public static ScratchDisk make(Path stateDir, long bytes) throws IOException {
    Path all = Files.createDirectories(in(stateDir));
    reapDead(stateDir);
    var disk = new Disk(stateDir.resolve("run").resolve("disks"));
    var layout = new Layout(Files.createTempDirectory(all, "disk"));
    Owner.self().write(layout.owner());
    try {
      disk.make(bytes, layout);
      return new ScratchDisk(layout);
    } catch (IOException | RuntimeException e) {
      remove(layout);
      throw e;
    }
  }

  /** Removes those whose processes are dead. */
  static void reapDead(Path stateDir) throws IOException {
    if (!Files.isDirectory(in(stateDir))) {
      return;
    }
    try (Stream<Path> there = Files.list(in(stateDir))) {
      for (Path directory : there.toList()) {
        reap(new Layout(directory));
      }
    }
  }

  private static Path in(Path stateDir) {
    return stateDir.toAbsolutePath().normalize().resolve("scratch");
  }

  /** One without an owner yet is being made by somebody. */
  private static void reap(Layout layout) throws IOException {
    var owner = Owner.read(layout.owner());
    if (owner.isPresent() && !owner.get().alive()) {
      remove(layout);
    }
  }

  /** The directory. */
  public Path path() {
    return layout.disk();
  }

  /**
   * Waits until all that was written to it is kept.
   *
   * @throws IOException when it is not, for want of room on this machine
   */
  public void settle() throws IOException {
    Disk.settle(layout);
  }

  /** What is on the disk goes with its image, not file by file. */
  private static void remove(Layout layout) throws IOException {
    MountedTree.end(layout);
    Trees.delete(layout.directory());
  }

  @Override
  public void close() throws IOException {
    remove(layout);
  }
}
