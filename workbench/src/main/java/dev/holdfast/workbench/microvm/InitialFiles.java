package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.WorkbenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The first file system of a machine: its first program, the guest, drivers, and the workbench's
 * {@code /etc}. What {@code guest/machine} expects where.
 */
final class InitialFiles {
  /** As in the container layer, these are what they are on the host: links into /usr. */
  private static final List<String> SYSTEM =
      List.of("bin", "sbin", "lib", "lib32", "lib64", "libx32");

  /**
   * Plain numbers of files differ from those that the host sees, so that git would read every file
   * anew to find out that nothing has changed.
   */
  private static final String GIT = "[core]\n\tcheckStat = minimal\n\ttrustctime = false\n";

  private InitialFiles() {}

  static byte[] of(List<Path> drivers, Path machine, Path guest, Path etc) throws IOException {
    var files = new Cpio();
    files.file("init", true, Files.readAllBytes(machine));
    files.file("guest", true, Files.readAllBytes(guest));
    files.directory("modules");
    for (int i = 0; i < drivers.size(); i++) {
      Path module = drivers.get(i);
      files.file(
          "modules/%02d-%s".formatted(i, module.getFileName()), false, Files.readAllBytes(module));
    }
    files.directory("system");
    for (String name : SYSTEM) {
      link(files, name);
    }
    tree(files, etc, "system/etc");
    files.file(
        "system/etc/gitconfig", false, GIT.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return files.finish();
  }

  private static void link(Cpio files, String name) throws IOException {
    Path path = Path.of("/", name);
    if (Files.isSymbolicLink(path)) {
      files.link("system/" + name, Files.readSymbolicLink(path).toString());
    } else if (Files.isDirectory(path)) {
      throw new WorkbenchException(
          "`%s` is a directory: microVMs need a host where it is a link into /usr".formatted(path));
    }
  }

  private static void tree(Cpio files, Path directory, String name) throws IOException {
    files.directory(name);
    List<Path> entries;
    try (Stream<Path> listed = Files.list(directory)) {
      entries = listed.sorted().toList();
    }
    for (Path entry : entries) {
      String inside = name + "/" + entry.getFileName();
      if (Files.isSymbolicLink(entry)) {
        files.link(inside, Files.readSymbolicLink(entry).toString());
      } else if (Files.isDirectory(entry)) {
        tree(files, entry, inside);
      } else {
        files.file(inside, Files.isExecutable(entry), Files.readAllBytes(entry));
      }
    }
  }
}
