package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.guest.GuestBinary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;

/**
 * The static programs that the jar carries, unpacked once under a name that follows their bytes.
 */
record Programs(Path guest, Path launch) {
  static Programs in(Path rootfs) throws IOException {
    return new Programs(GuestBinary.extractTo(rootfs), unpack(rootfs, "launch"));
  }

  /** A program under a name that follows its bytes. */
  static Path unpack(Path rootfs, String name) throws IOException {
    byte[] bytes = bytes(name);
    Path file = rootfs.resolve(name + "-" + Digests.of(bytes));
    if (Files.isExecutable(file) && Arrays.equals(Files.readAllBytes(file), bytes)) {
      return file;
    }
    Path draft = Files.createTempFile(rootfs, "." + name, "");
    try {
      Files.write(draft, bytes);
      Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("r-xr-xr-x"));
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
    return file;
  }

  private static byte[] bytes(String name) throws IOException {
    String architecture = System.getProperty("os.arch").equals("amd64") ? "x86_64" : "aarch64";
    String resource = "/dev/holdfast/guest/%s/%s".formatted(architecture, name);
    try (InputStream in = Programs.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new WorkbenchException(
            "this build has no `%s` for processor `%s`: build it with `make -C guest`"
                .formatted(name, architecture));
      }
      return in.readAllBytes();
    }
  }
}
