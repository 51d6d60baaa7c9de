package dev.holdfast.workbench.docker;

import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Execution;
import dev.holdfast.workbench.GuestFiles;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.guest.ChannelEnd;
import dev.holdfast.workbench.guest.GuestSettings;
import dev.holdfast.workbench.guest.GuestWorkbench;
import dev.holdfast.workbench.guest.Transport;
import dev.holdfast.workbench.oci.Recipe;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** A guest in a container. When the guest goes, for whatever reason, so does everything else. */
final class DockerWorkbench implements Workbench {
  private final WorkbenchSpec spec;
  private final String container;
  private final Daemon daemon;
  private final Consumer<WorkbenchId> onClosed;
  private final GuestWorkbench guest;
  private final ReentrantLock closing = new ReentrantLock();
  private volatile boolean ready;
  private boolean ended;

  DockerWorkbench(
      WorkbenchSpec spec,
      String container,
      Transport channel,
      Daemon daemon,
      Consumer<WorkbenchId> onClosed) {
    this.spec = spec;
    this.container = container;
    this.daemon = daemon;
    this.onClosed = onClosed;
    var oom = new MemoryEvents(container, spec.caps().memoryBytes());
    this.guest =
        GuestWorkbench.over(
            channel,
            spec.id(),
            new GuestSettings(Recipe.environment(spec), oom, this::onChannelEnd));
    this.ready = true;
    guest.end().ifPresent(this::onChannelEnd);
  }

  /** Told by the channel, which must not wait: the rest of the workbench ends on its own thread. */
  private void onChannelEnd(ChannelEnd end) {
    // Before it is ready its maker is still there to clear up.
    if (ready && end.cause() != ChannelEnd.Cause.CLOSED) {
      Thread.startVirtualThread(this::close);
    }
  }

  @Override
  public WorkbenchId id() {
    return spec.id();
  }

  @Override
  public Execution start(ExecSpec program) {
    return guest.start(program);
  }

  @Override
  public ExecResult exec(ExecSpec program) {
    return guest.exec(program);
  }

  @Override
  public GuestFiles files() {
    return guest.files();
  }

  @Override
  public AutoCloseable relay(int guestPort, Path target) {
    return guest.relay(guestPort, target);
  }

  @Override
  public void killAll() {
    guest.killAll();
  }

  @Override
  public boolean alive() {
    return guest.alive();
  }

  @Override
  public void close() {
    closing.lock();
    try {
      if (ended) {
        return;
      }
      guest.close();
      daemon.remove(container);
      ended = true;
      onClosed.accept(spec.id());
    } catch (RuntimeException e) {
      throw new WorkbenchException(
          "workbench `%s` could not be removed, and is left to the reaper: %s"
              .formatted(spec.id(), e.getMessage()),
          e);
    } finally {
      closing.unlock();
    }
  }
}
