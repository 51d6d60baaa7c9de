package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.oci.Jail;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A machine in QEMU. */
final class QemuMachine implements Vmm.Running {
  /** Without the memory the state of all devices is below 100 kB. */
  static final int LARGEST_STATE = 16 << 20;

  private static final Duration LIMIT = Duration.ofSeconds(30);

  /**
   * Where it runs.
   *
   * @param state where it hands over its devices' state
   */
  record Place(Jail jail, WorkbenchId id, Jail.Start start, Jail.Door state) {
    RamPages ram(Machine machine) throws IOException {
      return RamPages.of(jail.program(id), Surroundings.RAM, machine.ramBytes());
    }
  }

  /**
   * Whom the host talks to when memory is saved: the machine's keeper, and who serves its files.
   */
  record Saving(Keeper keeper, Map<FileServers, FileSession> servers) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      keeper.close();
      for (FileSession server : servers.values()) {
        server.close();
      }
    }
  }

  private final Place place;
  private final Machine machine;
  private final SocketChannel channel;
  private final Qmp qmp;
  private final Optional<Saving> saving;
  private boolean still;

  /**
   * One that is there, and does nothing yet.
   *
   * @param saving of a machine whose memory can be saved
   */
  QemuMachine(
      Place place, Machine machine, SocketChannel channel, Qmp qmp, Optional<Saving> saving) {
    this.place = place;
    this.machine = machine;
    this.channel = channel;
    this.qmp = qmp;
    this.saving = saving;
  }

  /** Loads the state that it was started with, and goes on. */
  void load() throws IOException {
    qmp.command("migrate-incoming", Map.of("uri", "fd:3"));
  }

  /** Loads memory too, and stands still, as it did when it was saved. */
  void load(SavedMemory saved) throws IOException {
    place.ram(machine).load(saved.pages());
    load();
    qmp.awaitLoaded();
    still = true;
  }

  @Override
  public SocketChannel channel() {
    return channel;
  }

  @Override
  public void save(Path directory) throws IOException {
    saveState(directory.resolve("state"));
    Files.move(
        directory.resolve("draft/ram"), directory.resolve("ram"), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void saveMemory(Path into) throws IOException {
    Saving keepers = saving.orElseThrow(Vmm::noMemory);
    var saved = new SavedMemory(into);
    if (still) {
      // QEMU saves no machine twice at one halt. Only its keeper moves meanwhile.
      qmp.command("cont", Map.of());
    } else {
      still = true;
      keepers.keeper().quiet();
    }
    qmp.command("stop", Map.of());
    saveState(saved.state());
    place.ram(machine).save(saved.pages());
    for (var server : keepers.servers().entrySet()) {
      server.getValue().save(saved.session(server.getKey()));
    }
  }

  private void saveState(Path to) throws IOException {
    qmp.command("migrate", Map.of("uri", "unix:" + QemuCommand.STATE_OUT));
    try (var from = new MonitorSocket("qemu", place.start().admit(place.state()))) {
      Files.write(to, from.rest(LARGEST_STATE, MonitorSocket.deadline(LIMIT)));
    }
    qmp.awaitMigrated();
  }

  @Override
  public void renew(byte[] identity) throws IOException {
    qmp.command("cont", Map.of());
    saving.orElseThrow().keeper().renew(identity);
  }

  @Override
  public void goOn() throws IOException {
    if (still) {
      qmp.command("cont", Map.of());
      saving.orElseThrow().keeper().goOn();
      still = false;
    }
  }

  @Override
  public void close() throws IOException {
    qmp.close();
    channel.close();
    place.state().close();
    if (saving.isPresent()) {
      saving.get().close();
    }
  }
}
