package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Mount;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.Jail;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** QEMU's {@code microvm} machine, on the host's processor or on one that is emulated. */
final class Qemu implements Vmm {
  /** The emulator, from the distribution's package. */
  static final Path PROGRAM = Path.of("/usr/bin/qemu-system-x86_64");

  private static final String PRELOAD = Surroundings.PLACE + "/private_ram.so";

  /** What QEMU itself takes: translated code, buffers, threads. */
  private static final long OWN_BYTES = 384L << 20;

  /** Its file server has at most 64 threads. */
  private static final int THREADS = 64 + 32;

  private static final int MOST_CPUS = 64;

  private final Jail jail;
  private final GuestKernel kernel;
  private final Path clock;
  private final Path preload;
  private final boolean kvm;

  private Qemu(Jail jail, GuestKernel kernel, boolean kvm) throws IOException {
    if (!Files.isExecutable(PROGRAM)) {
      throw new WorkbenchException(
          "`%s` is missing; try `apt-get install -y qemu-system-x86`".formatted(PROGRAM));
    }
    this.kvm = kvm;
    this.jail = jail;
    this.kernel = kernel;
    this.clock = jail.program("machine");
    this.preload = jail.program("private_ram.so");
  }

  /**
   * The QEMU of this host, which emulates a processor.
   *
   * @throws WorkbenchException when there is none, with what to do
   */
  static Qemu emulating(Jail jail, GuestKernel kernel) throws IOException {
    return new Qemu(jail, kernel, false);
  }

  /**
   * The QEMU of this host, with the host's processor.
   *
   * @throws WorkbenchException when there is none, with what to do
   */
  static Qemu withKvm(Jail jail, GuestKernel kernel) throws IOException {
    return new Qemu(jail, kernel, true);
  }

  @Override
  public Path program() {
    return PROGRAM;
  }

  @Override
  public List<Path> drivers() {
    return kernel.modules();
  }

  @Override
  public String hardware(Caps caps, Content saves) {
    return command(caps, saves).boot(0).toString();
  }

  /**
   * At most every second processor of the host is emulated: QEMU needs the others to serve the
   * machine, and emulated ones that wait for each other made calls three times as slow.
   */
  static QemuCommand emulating(Caps caps, Content saves) {
    return new QemuCommand(Machine.of(caps, Math.min(MOST_CPUS, processors() / 2)), false, saves);
  }

  private QemuCommand command(Caps caps, Content saves) {
    return kvm
        ? new QemuCommand(Machine.of(caps, Math.min(MOST_CPUS, processors())), true, saves)
        : emulating(caps, saves);
  }

  private static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  private Jail.Start start(WorkbenchSpec spec, List<String> command) throws IOException {
    return kvm ? jail.startWithKvm(spec, command) : jail.start(spec, command);
  }

  @Override
  public Running boot(Boot boot) throws IOException {
    QemuCommand command = command(boot.caps(), boot.saves());
    long largest = command.machine().ramBytes() + QemuMachine.LARGEST_STATE;
    try (var doors = new QemuDoors(jail, boot.id(), boot.saves())) {
      List<Mount> mounts = Surroundings.booting(boot, kernel.image());
      mounts.addAll(doors.mounts());
      var spec =
          new WorkbenchSpec(
              boot.id(),
              Optional.empty(),
              mounts,
              command.machine().jail(boot.caps(), OWN_BYTES, THREADS, largest),
              Map.of(),
              new Root.Host(boot.root().agent()));
      return doors.admit(start(spec, command.boot(clockKhz())), command.machine());
    }
  }

  /** The speed of the processor's counter, which an emulated processor shows as it is. */
  private long clockKhz() throws IOException {
    Process process =
        new ProcessBuilder(clock.toString(), "--clock")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var out = process.getInputStream()) {
      return Long.parseLong(new String(out.readNBytes(64), StandardCharsets.US_ASCII).strip());
    }
  }

  @Override
  public Running resume(WorkbenchSpec spec, Mount.Access workspace, Path run, Template template)
      throws IOException {
    return loaded(
        spec,
        Surroundings.resuming(spec, workspace, run, template.ram(), template.state()),
        QemuMachine::load);
  }

  @Override
  public boolean savesMemory() {
    return true;
  }

  @Override
  public Running resume(WorkbenchSpec spec, Path run, Template template, Path memory)
      throws IOException {
    var saved = new SavedMemory(memory);
    List<Mount> mounts =
        Surroundings.resuming(spec, Mount.Access.READ_WRITE, run, template.ram(), saved.state());
    mounts.addAll(FileServers.sessions(saved));
    return loaded(spec, mounts, machine -> machine.load(saved));
  }

  /** How a machine gets the state that it was started with. */
  private interface Loading {
    void of(QemuMachine machine) throws IOException;
  }

  /** Gives up all connections when it does not load. */
  private QemuMachine loaded(WorkbenchSpec spec, List<Mount> mounts, Loading loading)
      throws IOException {
    QemuMachine machine = over(spec, mounts);
    boolean loaded = false;
    try {
      loading.of(machine);
      loaded = true;
      return machine;
    } finally {
      if (!loaded) {
        machine.close();
      }
    }
  }

  private QemuMachine over(WorkbenchSpec spec, List<Mount> mounts) throws IOException {
    QemuCommand command = command(spec.caps(), spec.saves());
    try (var doors = new QemuDoors(jail, spec.id(), spec.saves())) {
      mounts.addAll(doors.mounts());
      mounts.add(Surroundings.readable(preload, PRELOAD));
      var inside =
          new WorkbenchSpec(
              spec.id(),
              Optional.empty(),
              mounts,
              command.machine().jail(spec.caps(), OWN_BYTES, THREADS, spec.caps().fileBytes()),
              Map.of("LD_PRELOAD", PRELOAD),
              new Root.Host(spec.root().agent()));
      return doors.admit(start(inside, command.resume()), command.machine());
    }
  }
}
