package dev.holdfast.workspace.overlay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The process that uses something on disk: its id, when it started (in clock ticks since boot) and
 * the boot. A process id alone is reused.
 */
record Owner(long pid, long started, String boot) {
  static Owner self() throws IOException {
    long pid = ProcessHandle.current().pid();
    return new Owner(pid, startOf(pid).orElseThrow(), currentBoot());
  }

  static String currentBoot() throws IOException {
    return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
  }

  boolean alive() throws IOException {
    return boot.equals(currentBoot()) && startOf(pid).filter(ticks -> ticks == started).isPresent();
  }

  private static Optional<Long> startOf(long pid) throws IOException {
    try {
      String stat =
          Files.readString(
              Path.of("/proc/" + pid + "/stat"), java.nio.charset.StandardCharsets.ISO_8859_1);
      // The second field is the program's name in parentheses and may hold anything.
      String[] rest = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return rest[0].equals("Z") ? Optional.empty() : Optional.of(Long.parseLong(rest[19]));
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    }
  }

  void write(Path file) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, "%d %d %s\n".formatted(pid, started, boot));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  static Optional<Owner> read(Path file) throws IOException {
    try {
      String[] fields = Files.readString(file).strip().split(" ", -1);
      return fields.length == 3
          ? Optional.of(new Owner(Long.parseLong(fields[0]), Long.parseLong(fields[1]), fields[2]))
          : Optional.empty();
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }
}
