package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Mount;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.Jail;
import dev.holdfast.workbench.oci.OciEngine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Boots a machine cold and keeps its memory and the state of its devices as files. */
record Snapshot(Jail jail, GuestKernel kernel, Machine machine, Caps caps, Root root) {
  /** A cold start takes seconds, under emulation on a busy host a minute. */
  private static final Duration BOOT_LIMIT = Duration.ofMinutes(4);

  /** Without the memory the state of all devices is below 100 kB. */
  private static final long LARGEST_STATE = 16L << 20;

  private static final int COMPLAINT = 800;

  /**
   * Takes it.
   *
   * @param directory has {@code initrd} and an empty {@code draft}; afterwards {@code ram} and
   *     {@code state} too
   */
  void take(Path directory, long clockKhz) throws IOException {
    WorkbenchId id = WorkbenchId.random();
    Path run = jail.claim(id);
    try (Jail.Door channel = jail.door(id, "channel");
        Jail.Door control = jail.door(id, "control");
        Jail.Door state = jail.door(id, "state")) {
      Path draft = directory.resolve("draft");
      Files.setAttribute(draft, "unix:uid", OciEngine.OWNER);
      var mounts =
          List.of(
              Surroundings.readable(control.path(), Machine.CONTROL),
              Surroundings.readable(state.path(), Machine.STATE),
              Surroundings.readable(run.resolve("shares"), Machine.SHARES),
              Surroundings.readable(run.resolve("shares"), Machine.SYSTEM),
              Surroundings.readable(kernel.image(), Machine.PLACE + "/kernel"),
              Surroundings.readable(directory.resolve("initrd"), Machine.PLACE + "/initrd"),
              new Mount(draft, Machine.DRAFT, Mount.Access.READ_WRITE));
      Files.createDirectory(run.resolve("shares"));
      Caps outside = machine.jail(caps, machine.ramBytes() + LARGEST_STATE);
      var spec =
          new WorkbenchSpec(
              id, Optional.empty(), mounts, outside, Map.of(), new Root.Host(root.agent()));
      boot(jail.start(spec, machine.boot(clockKhz)), control, channel, state, directory);
    } finally {
      jail.end(id);
    }
    keep(directory);
  }

  private void boot(
      Jail.Start start, Jail.Door control, Jail.Door channel, Jail.Door state, Path directory)
      throws IOException {
    try (var qmp = new Qmp(start.admit(control));
        SocketChannel port = start.admit(channel)) {
      MachinePort.prepare(port, Settings.shape(caps, root), BOOT_LIMIT);
      qmp.ignoreSharedMemory();
      qmp.command("migrate", Map.of("uri", "unix:" + Machine.STATE));
      try (SocketChannel from = start.admit(state)) {
        save(from, directory.resolve("state"));
      }
      qmp.awaitMigrated();
    } catch (WorkbenchException e) {
      throw new WorkbenchException(e.getMessage() + complaint(directory.resolve("draft")), e);
    }
  }

  private static void save(SocketChannel from, Path to) throws IOException {
    from.configureBlocking(true);
    ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
    try (OutputStream out = Files.newOutputStream(to)) {
      long total = 0;
      for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
        total += count;
        if (total > LARGEST_STATE) {
          throw new WorkbenchException(
              "the machine's state is larger than `%d` bytes".formatted(LARGEST_STATE));
        }
        out.write(buffer.array(), 0, buffer.flip().remaining());
        buffer.clear();
      }
    }
  }

  /** What QEMU and the kernel said last. */
  private static String complaint(Path draft) {
    var text = new StringBuilder();
    for (String name : List.of("log", "console")) {
      try {
        String said = Files.readString(draft.resolve(name)).strip();
        text.append("; ").append(said, Math.max(0, said.length() - COMPLAINT), said.length());
      } catch (IOException none) {
        // It said nothing there.
      }
    }
    return text.toString();
  }

  /** From here on the files are the host's, and nobody writes to them. */
  private static void keep(Path directory) throws IOException {
    Path ram = directory.resolve("ram");
    Files.move(directory.resolve("draft").resolve("ram"), ram, StandardCopyOption.ATOMIC_MOVE);
    for (Path file : List.of(ram, directory.resolve("state"))) {
      Files.setAttribute(file, "unix:uid", 0);
      Files.setAttribute(file, "unix:gid", 0);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
    }
    for (String name : List.of("log", "console")) {
      Files.deleteIfExists(directory.resolve("draft").resolve(name));
    }
    Files.delete(directory.resolve("draft"));
    Files.delete(directory.resolve("initrd"));
  }
}
