package dev.holdfast.workbench.guest;

import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Execution;
import dev.holdfast.workbench.GuestFiles;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A workbench of any layer that has started its guest. When the guest goes, for whatever reason, so
 * does everything else.
 */
public final class GuestedWorkbench implements Workbench {
  private final WorkbenchId id;
  private final Removal removal;
  private final Consumer<WorkbenchId> onClosed;
  private final GuestWorkbench guest;
  private final ReentrantLock closing = new ReentrantLock();
  private volatile boolean ready;
  private boolean ended;

  /** Greets the guest over the stream that the layer has. */
  @FunctionalInterface
  public interface Greeting {
    GuestWorkbench greet(GuestSettings settings);
  }

  /** Removes what the layer made for the workbench; tried again when it failed. */
  @FunctionalInterface
  public interface Removal {
    void run() throws IOException;
  }

  /**
   * Greets the guest.
   *
   * @param env the environment of every program, before its own is added
   * @param oom tells whether the memory cap killed
   * @param onClosed told when everything is removed
   * @throws WorkbenchException when the guest does not answer; its maker clears up then
   */
  public GuestedWorkbench(
      WorkbenchId id,
      Map<String, String> env,
      OomProbe oom,
      Greeting greeting,
      Removal removal,
      Consumer<WorkbenchId> onClosed) {
    this.id = id;
    this.removal = removal;
    this.onClosed = onClosed;
    this.guest = greeting.greet(new GuestSettings(env, oom, this::onChannelEnd));
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
    return id;
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

  /** As {@link #alive}, but always asks. */
  public boolean answers() {
    return guest.answers();
  }

  @Override
  public void close() {
    closing.lock();
    try {
      if (ended) {
        return;
      }
      guest.close();
      removal.run();
      ended = true;
      onClosed.accept(id);
    } catch (IOException e) {
      throw new WorkbenchException(
          "workbench `%s` could not be removed, and is left to the reaper: %s"
              .formatted(id, e.getMessage()),
          e);
    } finally {
      closing.unlock();
    }
  }
}
