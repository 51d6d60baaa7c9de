package dev.holdfast.workspace.overlay;

import dev.holdfast.workbench.AgentIds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;

/**
 * What caps an upper directory. For root a sparse ext4 image; one template per size is copied, data
 * only. For an ordinary user memory, which is gone when its last user is: see {@link #isLasting}.
 */
final class Disk {
  private static final long SMALLEST = 16L << 20;
  private static final int SECONDS = 60;
  private final Path templates;

  Disk(Path templates) {
    this.templates = templates;
  }

  /** Whether what is on a disk stays when nobody has it mounted. */
  static boolean isLasting() {
    return !AgentIds.ROOTLESS;
  }

  /** Makes a disk of {@code bytes} and mounts it. */
  void make(long bytes, Layout layout) throws IOException {
    Files.createDirectory(layout.disk());
    if (isLasting()) {
      create(bytes, layout.image());
    }
    mount(bytes, layout);
  }

  /** Mounts a disk that was made. One that does not last is empty. */
  static void mount(long bytes, Layout layout) throws IOException {
    if (isLasting()) {
      Mounts.image(layout.image(), layout.disk());
    } else {
      Mounts.memory(Math.max(bytes, SMALLEST), layout.disk());
    }
  }

  /**
   * Makes sure that all that was written to a disk is kept. An image takes room as it fills, and
   * only when its file system writes there is it seen that the machine has none.
   */
  static void settle(Layout layout) throws IOException {
    try (Directory disk = Directory.open(layout.disk())) {
      Kernel.call(Kernel.Call.SYNCFS, disk.name, disk.fd, 0, 0);
    } catch (SystemError lost) {
      throw new IOException(
          "what was written to `%s` is not kept, maybe for want of room on this machine: %s"
              .formatted(layout.disk(), lost.getMessage()),
          lost);
    }
  }

  private void create(long bytes, Path target) throws IOException {
    long size = Math.max(bytes, SMALLEST) / 4096 * 4096;
    Path template = templates.resolve(size + ".ext4");
    if (!Files.exists(template)) {
      format(template, size);
    }
    Sparse.copy(template, target);
  }

  private void format(Path template, long size) throws IOException {
    Files.createDirectories(templates);
    Path fresh = Files.createTempFile(templates, "new", "");
    try {
      try (OpenFile file = OpenFile.open(fresh, Kernel.O_WRONLY)) {
        file.truncate(size);
      }
      run(
          "mkfs.ext4",
          "-q",
          "-F",
          "-m", // Only root may use the last percent: what an agent has filled fits on a copy.
          "1",
          "-i",
          "8192",
          "-O",
          "^has_journal",
          "-E",
          "lazy_itable_init=1,nodiscard",
          fresh.toString());
      Files.move(fresh, template, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** Mends an image that was mounted when the machine went down. */
  static void mend(Path image) throws IOException {
    run("e2fsck", "-p", "-f", image.toString());
  }

  private static void run(String... command) throws IOException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PATH", "/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin");
    command[0] = find(command[0]);
    Process process = builder.command(command).start();
    process.getOutputStream().close();
    try {
      String said =
          new String(process.getInputStream().readNBytes(1 << 16), StandardCharsets.UTF_8).strip();
      // e2fsck answers 1 when it has mended something.
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() > 1) {
        throw new IOException("`%s` failed: %s".formatted(command[0], said));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("`%s` was interrupted".formatted(command[0]), e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static String find(String program) throws IOException {
    for (String directory : new String[] {"/usr/sbin", "/sbin", "/usr/bin", "/usr/local/sbin"}) {
      Path path = Path.of(directory, program);
      if (Files.isExecutable(path)) {
        return path.toString();
      }
    }
    throw new IOException(
        "`%s` is missing: install it with `apt-get install e2fsprogs`".formatted(program));
  }
}
