package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.FileEvents;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchEngine;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Hears what happens to a machine's workspace. The machine's own kernel does not: a file of 9p is a
 * new inode at each look, and inotify watches inodes. So a container over the same directory does,
 * in which nothing runs but the guest. It is made when it is first needed. Thread-safe.
 */
final class Lookout implements AutoCloseable {
  private static final Caps CAPS = Caps.DEFAULT.withMemoryBytes(64L << 20).withPids(16);

  private final WorkbenchEngine containers;
  private Optional<Workbench> container = Optional.empty();
  private boolean closed;

  Lookout(WorkbenchEngine containers) {
    this.containers = containers;
  }

  /** As {@link Workbench#watch}, of the machine that is this. */
  FileEvents watch(WorkbenchSpec machine, String path) {
    return over(machine).watch(path);
  }

  private synchronized Workbench over(WorkbenchSpec machine) {
    if (closed) {
      throw new WorkbenchException("workbench `%s` is closed".formatted(machine.id()));
    }
    container = container.filter(Workbench::alive);
    if (container.isEmpty()) {
      container = Optional.of(containers.create(beside(machine)));
    }
    return container.get();
  }

  private static WorkbenchSpec beside(WorkbenchSpec machine) {
    return new WorkbenchSpec(
        WorkbenchId.random(),
        machine.workspace(),
        List.of(),
        CAPS,
        Map.of(),
        new Root.Host(machine.root().agent()));
  }

  /** Ends what is being told, too. */
  @Override
  public synchronized void close() {
    closed = true;
    container.ifPresent(Workbench::close);
  }
}
