package dev.holdfast.workbench.oci;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Where the files of live workbenches are: in a file system in memory if the host has one. Each
 * workbench needs a dozen small files for as long as it lives, and a disk's file system makes and
 * removes them twenty times slower (ext4 looks for an inode that was not in use lately). Nothing is
 * lost with the power that would not be lost anyway.
 */
final class LivePlace {
  private static final List<Path> IN_MEMORY = List.of(Path.of("/run"), Path.of("/dev/shm"));
  private static final String MEMORY = "tmpfs";
  private static final String PREFIX = "holdfast-";

  private LivePlace() {}

  /** The place for new workbenches of the state directory {@code home}, which exists. */
  static Path of(Path home) throws IOException {
    if (isInMemory(home)) {
      return home;
    }
    for (Path parent : IN_MEMORY) {
      Path place = parent.resolve(nameFor(home));
      if (isInMemory(parent) && makeOwn(place)) {
        return place;
      }
    }
    return home;
  }

  /** Every place where there may be workbenches: what is mounted may have changed since. */
  static List<Path> allOf(Path home) {
    var places = new ArrayList<Path>(List.of(home));
    try {
      String name = nameFor(home);
      IN_MEMORY.stream()
          .map(parent -> parent.resolve(name))
          .filter(LivePlace::isOwn)
          .forEach(places::add);
    } catch (IOException gone) {
      throw new java.io.UncheckedIOException(gone);
    }
    return places;
  }

  /** The places of all state directories, also of those that are no more. */
  static List<Path> ofEveryHome() throws IOException {
    var places = new ArrayList<Path>();
    for (Path parent : IN_MEMORY) {
      if (Files.isDirectory(parent)) {
        try (var found = Files.newDirectoryStream(parent, PREFIX + "*")) {
          found.forEach(places::add);
        }
      }
    }
    places.removeIf(place -> !isOwn(place));
    return places;
  }

  /** The same for every name of one directory. */
  private static String nameFor(Path home) throws IOException {
    return PREFIX + Digests.of(home.toRealPath().toString().getBytes(StandardCharsets.UTF_8));
  }

  private static boolean isInMemory(Path directory) throws IOException {
    return Files.isDirectory(directory) && Files.getFileStore(directory).type().equals(MEMORY);
  }

  /** False when somebody else was there first, as anybody may be in a directory open to all. */
  private static boolean makeOwn(Path place) throws IOException {
    try {
      Files.createDirectory(
          place,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (java.nio.file.FileAlreadyExistsException _) {
      // Looked at below.
    } catch (java.nio.file.AccessDeniedException | java.nio.file.ReadOnlyFileSystemException e) {
      return false;
    }
    return isOwn(place);
  }

  private static boolean isOwn(Path place) {
    try {
      var found = Files.readAttributes(place, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
      Object owner = Files.getAttribute(place, "unix:uid", LinkOption.NOFOLLOW_LINKS);
      return found.isDirectory()
          && owner.equals(user)
          && found.permissions().equals(Set.copyOf(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException noneOrUnreadable) {
      return false;
    }
  }
}
