package dev.holdfast.workbench.guest;

import dev.holdfast.digest.Sha256;
import dev.holdfast.workbench.WorkbenchException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

/** The guest program, as this build carries it. */
public final class GuestBinary {
  private static final String MODE = "r-xr-xr-x";
  private static final int NAME_DIGITS = 16;

  private GuestBinary() {}

  /**
   * Puts the guest for this machine's processor into {@code directory} and returns its path. A file
   * that is there already is used when its bytes are right, and replaced otherwise.
   *
   * @throws WorkbenchException when this build has no guest for the processor, or the directory
   *     cannot be written
   */
  public static Path extractTo(Path directory) {
    byte[] program = load();
    Path target = directory.resolve("guest-" + Sha256.hex(program).substring(0, NAME_DIGITS));
    try {
      Files.createDirectories(directory);
      if (!holds(target, program)) {
        place(program, directory, target);
      }
      return target;
    } catch (IOException e) {
      throw new WorkbenchException(
          "the guest cannot be put into `%s`: %s".formatted(directory, e.getMessage()), e);
    }
  }

  private static byte[] load() {
    String resource = "/dev/holdfast/guest/" + architecture() + "/guest";
    try (InputStream in = GuestBinary.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new WorkbenchException("this build has no guest for `%s`".formatted(architecture()));
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new WorkbenchException("the guest cannot be read: " + e.getMessage(), e);
    }
  }

  /** The processor's name as {@code uname -m} has it. */
  private static String architecture() {
    String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return name.equals("amd64") ? "x86_64" : name;
  }

  private static boolean holds(Path target, byte[] program) throws IOException {
    return Files.isRegularFile(target)
        && Files.size(target) == program.length
        && Sha256.hex(Files.readAllBytes(target)).equals(Sha256.hex(program))
        && PosixFilePermissions.toString(Files.getPosixFilePermissions(target)).equals(MODE);
  }

  /** Writes beside the target and renames: a program that is being executed cannot be written. */
  private static void place(byte[] program, Path directory, Path target) throws IOException {
    Path fresh = Files.createTempFile(directory, "guest-", ".new");
    try {
      Files.write(fresh, program);
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(MODE));
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
