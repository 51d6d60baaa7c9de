package dev.holdfast.workspace.overlay;

import dev.holdfast.workbench.AgentIds;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Mounts and unmounts: a disk of bounded size, and an overlay. */
final class Mounts {
  private static final long NOSUID = 2;
  private static final long NODEV = 4;
  private static final long NOATIME = 1024;
  private static final long DETACH = 2;
  private static final int LOOP_CTL_GET_FREE = 0x4C82;
  private static final int LOOP_CONFIGURE = 0x4C0A;
  private static final int LOOP_CONFIG_SIZE = 304;
  private static final int LOOP_FLAGS_OFFSET = 60;
  private static final int AUTOCLEAR = 4;
  private static final int ATTEMPTS = 64;

  private Mounts() {}

  /**
   * Mounts a disk in memory, empty: an ordinary user cannot mount an image. It ends with the
   * process's mount namespace.
   */
  static void memory(long bytes, Path at) throws SystemError {
    mount("tmpfs", at, "tmpfs", "size=%d,nr_inodes=%d,mode=755".formatted(bytes, bytes / 8192));
  }

  /** Mounts an ext4 image. The loop device frees itself with the last unmount. */
  static void image(Path image, Path at) throws IOException {
    try (OpenFile backing = OpenFile.open(image, Kernel.O_RDWR)) {
      for (int i = 0; i < ATTEMPTS; i++) {
        Optional<Path> attached = attached(image);
        Path device = attached.orElse(Path.of("/dev/loop" + freeLoop()));
        try (OpenFile loop = OpenFile.open(device, Kernel.O_RDWR)) {
          if (attached.isEmpty()) {
            configure(loop, backing);
          }
          // Inode tables stay sparse; a crash of the machine is mended by a check at open.
          mount(loop.name, at, "ext4", "noinit_itable,nobarrier,errors=remount-ro");
          return;
        } catch (SystemError e) {
          boolean lostRace = e.errno() == SystemError.EBUSY || e.errno() == SystemError.ENXIO;
          if (!(attached.isPresent() || lostRace) || Table.read().contains(at)) {
            throw e;
          }
        }
      }
    }
    throw new IOException("no free loop device after %d attempts".formatted(ATTEMPTS));
  }

  /**
   * The device that still has {@code image} when a mount of it lives on in somebody else's mount
   * namespace. A second device would be a second file system over the same bytes and ruin them.
   */
  private static Optional<Path> attached(Path image) throws IOException {
    try (var devices = Files.newDirectoryStream(Path.of("/sys/block"), "loop*")) {
      for (Path device : devices) {
        Path backing = device.resolve("loop/backing_file");
        if (Files.exists(backing) && image.toString().equals(content(backing))) {
          return Optional.of(Path.of("/dev").resolve(device.getFileName()));
        }
      }
    }
    return Optional.empty();
  }

  private static String content(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException freedMeanwhile) {
      return "";
    }
  }

  private static int freeLoop() throws IOException {
    Path control = Path.of("/dev/loop-control");
    if (!Files.exists(control)) {
      throw new IOException("`/dev/loop-control` is missing: load it with `modprobe loop`");
    }
    try (OpenFile file = OpenFile.open(control, Kernel.O_RDWR)) {
      return (int) Kernel.call(Kernel.Call.IOCTL, file.name, file.fd, LOOP_CTL_GET_FREE, 0);
    }
  }

  /** EBUSY when another process took the device in between. */
  private static void configure(OpenFile loop, OpenFile backing) throws SystemError {
    try (var arena = Arena.ofConfined()) {
      MemorySegment config = arena.allocate(LOOP_CONFIG_SIZE, 8);
      config.set(ValueLayout.JAVA_INT, 0, backing.fd);
      config.set(ValueLayout.JAVA_INT, LOOP_FLAGS_OFFSET, AUTOCLEAR);
      Kernel.call(
          arena, Kernel.Call.IOCTL, loop.name, loop.fd, LOOP_CONFIGURE, config.address(), 0, 0);
    }
  }

  /**
   * Mounts an overlay. No redirects, no metadata-only copies, no index: a file in the upper
   * directory is whole and lies at its own path. An ordinary user's overlay notes what it hides in
   * attributes of the user (Linux 6.6 for files in memory), which programs see only under other
   * names.
   */
  static void overlay(Path lower, Path upper, Path work, Path at) throws IOException {
    String notes = AgentIds.ROOTLESS ? "redirect_dir=nofollow,userxattr" : "redirect_dir=off";
    String options =
        "lowerdir=%s,upperdir=%s,workdir=%s,metacopy=off,index=off,xino=on,%s"
            .formatted(escape(lower), escape(upper), escape(work), notes);
    mount("overlay", at, "overlay", options);
  }

  private static String escape(Path path) {
    return path.toString().replace("\\", "\\\\").replace(",", "\\,").replace(":", "\\:");
  }

  private static void mount(String source, Path at, String type, String options)
      throws SystemError {
    try (var arena = Arena.ofConfined()) {
      Kernel.call(
          arena,
          Kernel.Call.MOUNT,
          at.toString(),
          Kernel.text(arena, source),
          Kernel.text(arena, at.toString()),
          Kernel.text(arena, type),
          NOSUID | NODEV | NOATIME,
          Kernel.text(arena, options));
    }
  }

  /**
   * @throws SystemError with EBUSY when something still uses it
   */
  static void unmount(Path at) throws SystemError {
    unmount(at, 0);
  }

  /** Takes a mount out of the tree at once; the kernel ends it when nothing uses it any more. */
  static void detach(Path at) throws SystemError {
    unmount(at, DETACH);
  }

  private static void unmount(Path at, long flags) throws SystemError {
    try (var arena = Arena.ofConfined()) {
      String path = at.toString();
      Kernel.call(arena, Kernel.Call.UMOUNT2, path, Kernel.text(arena, path), flags, 0, 0, 0);
    }
  }

  /** The mount points of this process's mount namespace, in the order they were mounted. */
  record Table(List<Path> points) {
    static Table read() throws IOException {
      var points = new ArrayList<Path>();
      Path table = Path.of("/proc/self/mountinfo");
      for (String line : Files.readAllLines(table, StandardCharsets.ISO_8859_1)) {
        points.add(Path.of(Raw.text(unescape(line.split(" ", -1)[4]))));
      }
      return new Table(points);
    }

    boolean contains(Path path) {
      return points.contains(path);
    }

    private static String unescape(String field) {
      return field
          .replace("\\040", " ")
          .replace("\\011", "\t")
          .replace("\\012", "\n")
          .replace("\\134", "\\");
    }
  }
}
