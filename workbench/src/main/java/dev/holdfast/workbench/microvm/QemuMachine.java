package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.oci.Jail;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;

/** A machine in QEMU. */
final class QemuMachine implements Vmm.Running {
  /** Without the memory the state of all devices is below 100 kB. */
  static final long LARGEST_STATE = 16L << 20;

  private final Jail.Start start;
  private final Optional<Jail.Door> state;
  private final SocketChannel channel;
  private final Qmp qmp;

  private QemuMachine(Jail.Start start, Optional<Jail.Door> state, SocketChannel channel, Qmp qmp) {
    this.start = start;
    this.state = state;
    this.channel = channel;
    this.qmp = qmp;
  }

  /**
   * One that is being started.
   *
   * @param state where it will hand over its devices' state, when it is to be saved; stays the
   *     caller's when this fails
   */
  static QemuMachine of(
      Jail.Start start, Jail.Door control, Jail.Door channel, Optional<Jail.Door> state)
      throws IOException {
    SocketChannel monitor = start.admit(control);
    try {
      SocketChannel port = start.admit(channel);
      try {
        var qmp = new Qmp(monitor);
        qmp.ignoreSharedMemory();
        return new QemuMachine(start, state, port, qmp);
      } catch (IOException | WorkbenchException e) {
        port.close();
        throw e;
      }
    } catch (IOException | WorkbenchException e) {
      monitor.close();
      throw e;
    }
  }

  /** Loads the state that it was started with, and goes on. */
  QemuMachine goOn() throws IOException {
    qmp.command("migrate-incoming", Map.of("uri", "fd:3"));
    return this;
  }

  @Override
  public SocketChannel channel() {
    return channel;
  }

  @Override
  public void save(Path directory) throws IOException {
    qmp.command("migrate", Map.of("uri", "unix:" + Surroundings.STATE));
    try (SocketChannel from = start.admit(state.orElseThrow())) {
      write(from, directory.resolve("state"));
    }
    qmp.awaitMigrated();
    Files.move(
        directory.resolve("draft/ram"), directory.resolve("ram"), StandardCopyOption.ATOMIC_MOVE);
  }

  private static void write(SocketChannel from, Path to) throws IOException {
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

  @Override
  public void close() throws IOException {
    qmp.close();
    channel.close();
    if (state.isPresent()) {
      state.get().close();
    }
  }
}
