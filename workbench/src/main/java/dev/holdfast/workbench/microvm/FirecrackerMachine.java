package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.oci.Jail;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A machine in Firecracker. */
final class FirecrackerMachine implements Vmm.Running {
  /** A snapshot writes all of the machine's memory. */
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /**
   * Before it the machine's kernel was not told of its devices through ACPI, which Debian's needs,
   * or not told after a snapshot that its connections are gone.
   */
  private static final int OLDEST_MINOR = 10;

  private static final Pattern VERSION = Pattern.compile("v?([0-9]{1,4})\\.([0-9]{1,4})\\..*");

  /** The smallest that a machine may have. */
  private static final int CID = 3;

  /**
   * What the boot needs beside that which Firecracker adds. The first panic ends the machine. As in
   * QEMU its kernel need not keep processes apart from each other's caches.
   */
  private static final String BOOT_ARGUMENTS =
      "console=ttyS0 quiet reboot=k panic=-1 8250.nr_uarts=1 i8042.noaux i8042.nomux";

  private final Jail.Start start;
  private final Jail.Door door;
  private final FirecrackerApi api;
  private @Nullable SocketChannel channel;

  private FirecrackerMachine(Jail.Start start, Jail.Door door, FirecrackerApi api) {
    this.start = start;
    this.door = door;
    this.api = api;
  }

  /**
   * One that is being started. Nothing runs in the machine yet, so the socket is Firecracker's.
   *
   * @param socket where Firecracker listens
   * @param door where the machine comes to; the caller's until this returns
   */
  static FirecrackerMachine of(Jail.Start start, Path socket, Jail.Door door) throws IOException {
    return new FirecrackerMachine(start, door, new FirecrackerApi(start.reach(socket), LIMIT));
  }

  /** The machine's hardware, as Firecracker takes it. */
  static Map<String, Object> configuration(Machine machine) {
    return Map.of(
        "vcpu_count",
        machine.cpus(),
        "mem_size_mib",
        machine.memoryMiB(),
        "smt",
        false,
        "track_dirty_pages",
        false);
  }

  /** Boots it. Gives up all connections when that fails. */
  FirecrackerMachine boot(Machine machine) throws IOException {
    return connected(
        () -> {
          requireVersion(api.get("/version").path("firecracker_version").asString(""));
          api.put("/machine-config", configuration(machine));
          api.put(
              "/boot-source",
              Map.of(
                  "kernel_image_path", Surroundings.KERNEL,
                  "initrd_path", Surroundings.INITRD,
                  "boot_args", BOOT_ARGUMENTS));
          api.put("/vsock", Map.of("guest_cid", CID, "uds_path", Firecracker.VSOCK));
          api.put("/actions", Map.of("action_type", "InstanceStart"));
        });
  }

  private static void requireVersion(String version) {
    Matcher parts = VERSION.matcher(version);
    if (!parts.matches()
        || Integer.parseInt(parts.group(1)) == 0
        || (Integer.parseInt(parts.group(1)) == 1
            && Integer.parseInt(parts.group(2)) < OLDEST_MINOR)) {
      throw new WorkbenchException(
          "firecracker `%s` is too old: from 1.%d on it will do"
              .formatted(version.replaceAll("[^0-9A-Za-z.+-]", ""), OLDEST_MINOR));
    }
  }

  /** Lets it go on from its snapshot. Gives up all connections when that fails. */
  FirecrackerMachine resume() throws IOException {
    return connected(
        () ->
            api.put(
                "/snapshot/load",
                Map.of(
                    "snapshot_path",
                    Surroundings.STATE,
                    "mem_backend",
                    Map.of("backend_type", "File", "backend_path", Surroundings.RAM),
                    "resume_vm",
                    true)));
  }

  /** What brings a machine to where it calls the host. */
  private interface Steps {
    void take() throws IOException;
  }

  private FirecrackerMachine connected(Steps steps) throws IOException {
    boolean connected = false;
    try {
      steps.take();
      channel = start.admit(door);
      connected = true;
      return this;
    } finally {
      if (!connected) {
        close();
      }
    }
  }

  @Override
  public SocketChannel channel() {
    if (channel == null) {
      throw new IllegalStateException("the machine was not started");
    }
    return channel;
  }

  @Override
  public void save(Path directory) throws IOException {
    api.patch("/vm", Map.of("state", "Paused"));
    api.put(
        "/snapshot/create",
        Map.of(
            "snapshot_type", "Full",
            "snapshot_path", Surroundings.DRAFT + "/state",
            "mem_file_path", Surroundings.DRAFT + "/ram"));
    for (String name : List.of("ram", "state")) {
      Path written = directory.resolve("draft").resolve(name);
      if (!Files.isRegularFile(written, LinkOption.NOFOLLOW_LINKS)) {
        throw new WorkbenchException("firecracker did not write `%s`".formatted(name));
      }
      Files.move(written, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  @Override
  public void close() throws IOException {
    api.close();
    door.close();
    if (channel != null) {
      channel.close();
    }
  }
}
