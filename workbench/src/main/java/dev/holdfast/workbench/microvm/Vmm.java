package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.Capability;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.Mount;
import dev.holdfast.workbench.NotOnThisLayer;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * A virtual machine monitor: a program that runs one machine, in a jail of its own. Whoever has
 * claimed the jail ends it, and the machine with it, however a call ends.
 */
interface Vmm {
  /** The program. Another one cannot continue what this one has saved. */
  Path program();

  /** Files of the kernel's modules that its machines need, in the order to load them. */
  List<Path> drivers();

  /**
   * All of a machine's hardware that its snapshot depends on: machines with the same words continue
   * from each other's snapshots.
   *
   * @param saves the most that the machine's checkpoints may hold
   */
  String hardware(Caps caps, Content saves);

  /**
   * Boots a machine cold.
   *
   * @throws WorkbenchException when it does not start
   */
  Running boot(Boot boot) throws IOException;

  /**
   * Lets a machine go on from a snapshot.
   *
   * @param workspace what may be done in the workspace's directory
   * @param run the claimed jail's directory on the host
   * @throws WorkbenchException when it does not go on
   */
  Running resume(WorkbenchSpec spec, Mount.Access workspace, Path run, Template template)
      throws IOException;

  /** Whether machines that are made for it can be saved with their memory. */
  default boolean savesMemory() {
    return false;
  }

  /**
   * Lets a machine go on from the saved memory of another. It stands still until it is told what it
   * is and to go on.
   *
   * @param template that of the saved machine
   * @param memory what {@link Running#saveMemory} has filled
   * @throws WorkbenchException when it does not go on
   */
  default Running resume(WorkbenchSpec spec, Path run, Template template, Path memory)
      throws IOException {
    throw noMemory();
  }

  /** The refusal of a machine whose memory cannot be saved. */
  static NotOnThisLayer noMemory() {
    return new NotOnThisLayer(
        Layer.MICROVM,
        Capability.MEMORY_CHECKPOINTS,
        "checkpoints of memory of a workbench that was not made for them, only of files");
  }

  /**
   * A machine to be booted.
   *
   * @param id of the claimed jail
   * @param run the jail's directory on the host
   * @param directory has {@code initrd} and an empty {@code draft}, which the monitor may write to
   */
  record Boot(WorkbenchId id, Path run, Path directory, Caps caps, Root root, Content saves) {
    Path initrd() {
      return directory.resolve("initrd");
    }

    Path draft() {
      return directory.resolve("draft");
    }
  }

  /** A machine and its monitor. Both may have been taken over by what runs inside. */
  interface Running extends AutoCloseable {
    /** The bytes between host and machine: first its own few messages, then the guest's. */
    SocketChannel channel();

    /**
     * Holds the machine still and writes {@code ram} and {@code state}, from which it continues. It
     * does not go on itself.
     *
     * @param directory that of its {@link Boot}
     */
    void save(Path directory) throws IOException;

    /**
     * Saves what a live machine is beyond its template. It stands still from then on, its programs
     * at rest and all that they have written in its files.
     *
     * @param into an empty directory of the host
     * @throws NotOnThisLayer when the machine is not one whose memory can be saved
     * @throws WorkbenchException when it does not come to rest in time, or is not saved
     */
    default void saveMemory(Path into) throws IOException {
      throw noMemory();
    }

    /** Tells a machine that goes on from saved memory what it is, before anything in it moves. */
    default void renew(byte[] identity) throws IOException {
      throw noMemory();
    }

    /** Lets a machine go on that was saved, or that goes on from saved memory; nothing else. */
    default void goOn() throws IOException {}

    /** Gives up all connections to the machine. */
    @Override
    void close() throws IOException;
  }
}
