package dev.holdfast.workbench.docker;

import dev.holdfast.lease.Owner;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.oci.Recipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;

/**
 * Memory file systems that are mounted on the host and shown to a container, because Podman refuses
 * the option that bounds their number of files. Beside each workbench's is a lease, which is there
 * before them and goes after them.
 */
final class MemoryMounts {
  private static final String LEASE = ".lease";

  private final Path directory;

  MemoryMounts(Path directory) {
    this.directory = directory;
  }

  /**
   * Mounts them.
   *
   * @param options the options of each, by where it goes inside
   * @return where each is on the host
   */
  Map<String, Path> make(WorkbenchId id, Owner owner, Map<String, String> options)
      throws IOException {
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path draft = Files.createTempFile(directory, ".draft", "");
    Files.writeString(draft, Labels.words(owner));
    Files.move(draft, lease(id.value()), StandardCopyOption.ATOMIC_MOVE);
    Path parent = Files.createDirectory(directory.resolve(id.value()));
    var made = new TreeMap<String, Path>();
    for (var entry : options.entrySet()) {
      Path place = parent.resolve(entry.getKey().substring(1).replace('/', '-'));
      // Where the mount is not seen nobody inside can write to the disk below it.
      Files.createDirectory(
          place,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("---------")));
      run("mount", "-t", "tmpfs", "-o", entry.getValue(), "tmpfs", place.toString());
      made.put(entry.getKey(), place);
    }
    return made;
  }

  private Path lease(String id) {
    return directory.resolve(id + LEASE);
  }

  /** Unmounts and removes what a workbench has; nothing when it has none. */
  void remove(String id) throws IOException {
    Path parent = directory.resolve(id);
    try (DirectoryStream<Path> places = Files.newDirectoryStream(parent)) {
      for (Path place : places) {
        if (isMounted(place)) {
          run("umount", place.toString());
        }
        Files.delete(place);
      }
      Files.delete(parent);
    } catch (NoSuchFileException never) {
      // Its maker did not come that far.
    }
    Files.deleteIfExists(lease(id));
  }

  private static boolean isMounted(Path place) throws IOException {
    return !Files.getAttribute(place, "unix:dev")
        .equals(Files.getAttribute(place.getParent(), "unix:dev"));
  }

  /** Removes what dead processes have left. */
  void reap() throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> leases = Files.newDirectoryStream(directory, "*" + LEASE)) {
      for (Path lease : leases) {
        if (isDead(lease)) {
          String name = lease.getFileName().toString();
          remove(name.substring(0, name.length() - LEASE.length()));
        }
      }
    }
  }

  private static boolean isDead(Path lease) throws IOException {
    try {
      return Labels.owner(Files.readString(lease))
          .filter(owner -> !Recipe.isAlive(owner))
          .isPresent();
    } catch (NoSuchFileException removedMeanwhile) {
      return false;
    }
  }

  private static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("`%s` failed: %s".formatted(String.join(" ", command), said.strip()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("`%s` was interrupted".formatted(command[0]), e);
    }
  }
}
