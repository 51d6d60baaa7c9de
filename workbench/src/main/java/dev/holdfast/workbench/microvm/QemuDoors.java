package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.Mount;
import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.oci.Jail;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The sockets that a QEMU, and the file servers beside it, come through to the host. Closing it
 * gives up those that are not needed any more.
 */
final class QemuDoors implements AutoCloseable {
  private final Jail jail;
  private final WorkbenchId id;
  private final boolean saved;
  private final List<Jail.Door> open = new ArrayList<>();
  private final List<Mount> mounts = new ArrayList<>();
  private final List<SocketChannel> admitted = new ArrayList<>();
  private final Jail.Door channel;
  private final Jail.Door control;
  private final Jail.Door state;
  private final Optional<Jail.Door> keeper;
  private final Map<FileServers, Jail.Door> servers = new EnumMap<>(FileServers.class);

  /**
   * Opens them.
   *
   * @param saves with memory, there are some more
   */
  QemuDoors(Jail jail, WorkbenchId id, Content saves) throws IOException {
    this.jail = jail;
    this.id = id;
    this.saved = saves == Content.FILES_AND_MEMORY;
    boolean made = false;
    try {
      this.channel = jail.door(id, "channel");
      open.add(channel);
      this.control = door("control", QemuCommand.CONTROL);
      this.state = door("state", QemuCommand.STATE_OUT);
      this.keeper = saved ? Optional.of(door("keeper", QemuCommand.KEEPER)) : Optional.empty();
      if (saved) {
        mounts.addAll(FileServers.program(jail));
        for (FileServers server : FileServers.values()) {
          servers.put(server, door("files-" + server.title(), server.control()));
        }
      }
      made = true;
    } finally {
      if (!made) {
        close();
      }
    }
  }

  private Jail.Door door(String name, String inside) throws IOException {
    Jail.Door door = jail.door(id, name);
    open.add(door);
    mounts.add(Surroundings.readable(door.path(), inside));
    return door;
  }

  /** What of it is in the jail. */
  List<Mount> mounts() {
    return mounts;
  }

  /**
   * Waits for all that is being started.
   *
   * @throws WorkbenchException when it does not come
   */
  QemuMachine admit(Jail.Start start, Machine machine) throws IOException {
    boolean made = false;
    try {
      var sessions = new EnumMap<FileServers, FileSession>(FileServers.class);
      for (var server : servers.entrySet()) {
        sessions.put(
            server.getKey(), new FileSession(admit(start, server.getValue()), FileSession.LIMIT));
      }
      var qmp = new Qmp(admit(start, control));
      SocketChannel port = admit(start, channel);
      Optional<QemuMachine.Saving> saving = Optional.empty();
      if (keeper.isPresent()) {
        var kept = new Keeper(admit(start, keeper.get()), Keeper.LIMIT);
        saving = Optional.of(new QemuMachine.Saving(kept, sessions));
      }
      qmp.ignoreSharedMemory();
      var place = new QemuMachine.Place(jail, id, start, state);
      var running = new QemuMachine(place, machine, port, qmp, saving);
      open.remove(state);
      made = true;
      return running;
    } finally {
      if (!made) {
        for (SocketChannel socket : admitted) {
          socket.close();
        }
      }
    }
  }

  private SocketChannel admit(Jail.Start start, Jail.Door door) throws IOException {
    SocketChannel socket = start.admit(door);
    admitted.add(socket);
    return socket;
  }

  @Override
  public void close() throws IOException {
    for (Jail.Door door : open) {
      door.close();
    }
  }
}
