package dev.holdfast.workbench.oci;

import dev.holdfast.lease.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Who a process is, read from {@code /proc}. */
final class Processes {
  private static final Path PROC = Path.of("/proc");

  private Processes() {}

  /** This process. */
  static Owner self() {
    long pid = ProcessHandle.current().pid();
    return new Owner(pid, startTicks(pid).orElseThrow(), bootId(), pidNamespace());
  }

  /**
   * Whether the owner still lives. One of another pid namespace of this boot counts as alive: its
   * number says nothing here.
   */
  static boolean isAlive(Owner owner) {
    if (!owner.bootId().equals(bootId())) {
      return false;
    }
    if (!owner.pidNamespace().equals(pidNamespace())) {
      return true;
    }
    OptionalLong ticks = startTicks(owner.pid());
    return ticks.isPresent() && ticks.getAsLong() == owner.startTicks() && !isZombie(owner.pid());
  }

  static String bootId() {
    try {
      return Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String pidNamespace() {
    try {
      return Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static OptionalLong startTicks(long pid) {
    String[] fields = stat(pid);
    return fields.length < 20 ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(fields[19]));
  }

  private static boolean isZombie(long pid) {
    String[] fields = stat(pid);
    return fields.length > 0 && (fields[0].equals("Z") || fields[0].equals("X"));
  }

  /** The fields after the command's name, which may itself hold spaces and parentheses. */
  private static String[] stat(long pid) {
    try {
      String line = Files.readString(PROC.resolve(pid + "/stat"));
      return line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
    } catch (IOException | IndexOutOfBoundsException gone) {
      return new String[0];
    }
  }
}
