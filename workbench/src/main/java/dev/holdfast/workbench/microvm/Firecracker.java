package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Mount;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.Jail;
import dev.holdfast.workbench.oci.OciEngine;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Firecracker, whose machines run on the host's processor. It has no file server, so one of
 * Holdfast's stands beside it in the jail, and everything between machine and host goes over its
 * sockets.
 */
final class Firecracker implements Vmm {
  /** The machine calls the host at this port; the sockets are named after it. */
  static final int CHANNEL_PORT = 52;

  private static final int SYSTEM_PORT = 53;
  private static final int SHARES_PORT = 54;

  private static final String PROGRAM = Surroundings.PLACE + "/firecracker";
  private static final String SHARE = Surroundings.PLACE + "/share";
  private static final String API = Surroundings.PLACE + "/api";
  private static final String SOCKET = "socket";

  /** In the jail's own memory, where Firecracker may make a socket of its own. */
  static final String VSOCK = "/tmp/vsock";

  /** What Firecracker and the file servers take, which remember the files that a machine knows. */
  private static final long OWN_BYTES = 256L << 20;

  /** What an emulator takes more: translated code. */
  private static final long EMULATION_BYTES = 256L << 20;

  private static final int THREADS = 16;
  private static final int MOST_CPUS = 32;
  private static final long LARGEST_STATE = 16L << 20;

  private final Jail jail;
  private final Path program;
  private final Path kernel;
  private final Path share;
  private final List<Path> drivers;
  private final boolean kvm;

  private Firecracker(Jail jail, Path program, GuestKernel kernel, boolean kvm) throws IOException {
    if (kernel.vsock().isEmpty()) {
      throw new WorkbenchException(
          "kernel `%s` has no drivers for vsock; try `holdfast doctor --fix --all`"
              .formatted(kernel.version()));
    }
    this.jail = jail;
    this.program = program;
    this.kernel = unpacked(jail.store(), kernel);
    this.share = jail.program("share");
    this.drivers = Stream.concat(kernel.modules().stream(), kernel.vsock().stream()).toList();
    this.kvm = kvm;
  }

  /**
   * A Firecracker that runs machines with the host's processor.
   *
   * @param program its file
   * @throws WorkbenchException when the kernel will not do
   */
  static Firecracker in(Jail jail, Path program, GuestKernel kernel) throws IOException {
    return new Firecracker(jail, program, kernel, true);
  }

  /** One that emulates the processor, and does not ask for the host's. */
  static Firecracker emulating(Jail jail, Path program, GuestKernel kernel) throws IOException {
    return new Firecracker(jail, program, kernel, false);
  }

  /** Unpacked once: it takes a second, and the file is the same for all machines. */
  private static Path unpacked(Path store, GuestKernel kernel) throws IOException {
    String stamp =
        Long.toString(Files.getLastModifiedTime(kernel.image()).toMillis(), Character.MAX_RADIX);
    Path file = store.resolve("kernel-%s-%s".formatted(kernel.version(), stamp));
    if (!Files.exists(file)) {
      removeOthers(store);
      Path draft = Files.createTempFile(store, ".kernel", "");
      try {
        Files.write(draft, KernelImage.elf(kernel.image()));
        Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("r--r--r--"));
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(draft);
      }
    }
    return file;
  }

  /** Those of kernels that were there before. Machines that boot keep the one that they have. */
  private static void removeOthers(Path store) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(store, "kernel-*")) {
      for (Path other : all) {
        Files.deleteIfExists(other);
      }
    }
  }

  @Override
  public Path program() {
    return program;
  }

  @Override
  public List<Path> drivers() {
    return drivers;
  }

  @Override
  public String hardware(Caps caps, Content saves) {
    return FirecrackerMachine.configuration(machine(caps)).toString();
  }

  /** Older versions want an even number of processors, or one. */
  static Machine machine(Caps caps) {
    Machine asked =
        Machine.of(caps, Math.min(MOST_CPUS, Runtime.getRuntime().availableProcessors()));
    return asked.cpus() == 1 ? asked : new Machine(asked.memoryMiB(), asked.cpus() & ~1);
  }

  @Override
  public Running boot(Boot boot) throws IOException {
    Machine machine = machine(boot.caps());
    List<Mount> mounts = Surroundings.booting(boot, kernel);
    long largest = machine.ramBytes() + LARGEST_STATE;
    Caps caps = machine.jail(boot.caps(), machine.ramBytes() + ownBytes(), THREADS, largest);
    String said = ">%1$s/console 2>%1$s/log".formatted(Surroundings.DRAFT);
    var started = start(boot.id(), boot.run(), boot.root(), caps, mounts, said);
    return started.boot(machine);
  }

  @Override
  public Running resume(WorkbenchSpec spec, Mount.Access workspace, Path run, Template template)
      throws IOException {
    List<Mount> mounts =
        Surroundings.resuming(spec, workspace, run, template.ram(), template.state());
    Caps caps =
        machine(spec.caps()).jail(spec.caps(), ownBytes(), THREADS, spec.caps().fileBytes());
    var started = start(spec.id(), run, spec.root(), caps, mounts, ">/dev/null 2>&1");
    return started.resume();
  }

  private long ownBytes() {
    return kvm ? OWN_BYTES : OWN_BYTES + EMULATION_BYTES;
  }

  private FirecrackerMachine start(
      WorkbenchId id, Path run, Root root, Caps caps, List<Mount> surroundings, String redirect)
      throws IOException {
    Path api = Files.createDirectory(run.resolve("api"));
    Files.setAttribute(api, "unix:uid", OciEngine.OWNER);
    Jail.Door channel = jail.door(id, "channel");
    boolean started = false;
    try {
      var mounts = new ArrayList<>(surroundings);
      mounts.add(Surroundings.readable(program, PROGRAM));
      mounts.add(Surroundings.readable(share, SHARE));
      mounts.add(new Mount(api, API, Mount.Access.READ_WRITE));
      mounts.add(Surroundings.readable(channel.path(), VSOCK + "_" + CHANNEL_PORT));
      var spec =
          new WorkbenchSpec(
              id, Optional.empty(), mounts, caps, Map.of(), new Root.Host(root.agent()));
      List<String> argv = command(redirect);
      Jail.Start start = kvm ? jail.startWithKvm(spec, argv) : jail.start(spec, argv);
      var machine = FirecrackerMachine.of(start, api.resolve(SOCKET), channel);
      started = true;
      return machine;
    } finally {
      if (!started) {
        channel.close();
      }
    }
  }

  /** The file servers first: each serves the first one who comes, and ends with the jail. */
  private static List<String> command(String redirect) {
    String servers =
        "%1$s --listen %2$s_%3$d --read-only system=%4$s & %1$s --listen %2$s_%5$d --tree shares=%6$s & "
            .formatted(
                SHARE, VSOCK, SYSTEM_PORT, Surroundings.SYSTEM, SHARES_PORT, Surroundings.SHARES);
    String socket = API + "/" + SOCKET;
    return List.of(
        "/bin/sh", "-c", servers + "exec \"$@\" " + redirect, "sh", PROGRAM, "--api-sock", socket);
  }
}
