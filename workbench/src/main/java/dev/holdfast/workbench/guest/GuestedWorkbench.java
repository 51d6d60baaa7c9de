package dev.holdfast.workbench.guest;

import dev.holdfast.workbench.Connection;
import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Execution;
import dev.holdfast.workbench.FileEvents;
import dev.holdfast.workbench.GuestFiles;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
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
  private final Outside outside;
  private final Consumer<WorkbenchId> onClosed;
  private final GuestWorkbench guest;
  private final ReentrantLock closing = new ReentrantLock();
  private volatile WorkbenchSpec spec;
  private volatile boolean ready;
  private volatile boolean paused;
  private boolean ended;

  /** Greets the guest over the stream that the layer has. */
  @FunctionalInterface
  public interface Greeting {
    GuestWorkbench greet(GuestSettings settings);
  }

  /** What the layer does with the workbench as a whole. */
  public interface Outside {
    /** Holds every process still; the guest is at rest. */
    void pause() throws IOException;

    /** Lets them go on. */
    void resume() throws IOException;

    /** As {@link Workbench#watch}, of a workspace of the host. */
    default FileEvents watch(GuestWorkbench guest, WorkbenchSpec spec, String path) {
      return guest.watch(path);
    }

    /** Removes what the layer made for the workbench, paused or not; tried again when it failed. */
    void remove() throws IOException;
  }

  /** What is done while nothing inside moves. */
  @FunctionalInterface
  public interface Work<T> {
    T run() throws IOException;
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
      WorkbenchSpec spec,
      Map<String, String> env,
      OomProbe oom,
      Greeting greeting,
      Outside outside,
      Consumer<WorkbenchId> onClosed) {
    this.spec = spec;
    this.outside = outside;
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
    return spec.id();
  }

  /** What it is. */
  public WorkbenchSpec spec() {
    return spec;
  }

  /** It was given a workspace after it was made. */
  public void movedTo(Path workspace) {
    spec = spec.in(workspace);
  }

  /** The highest number that a stream of its channel has had. */
  public int lastStream() {
    return guest.lastStream();
  }

  @Override
  public Execution start(ExecSpec program) {
    return moving().start(program);
  }

  @Override
  public ExecResult exec(ExecSpec program) {
    return moving().exec(program);
  }

  @Override
  public GuestFiles files() {
    return moving().files();
  }

  @Override
  public AutoCloseable relay(int guestPort, Path target) {
    return moving().relay(guestPort, target);
  }

  @Override
  public Connection connect(int guestPort) {
    return moving().connect(guestPort);
  }

  @Override
  public FileEvents watch(String path) {
    var guest = moving();
    return spec.workspace().isPresent() ? outside.watch(guest, spec, path) : guest.watch(path);
  }

  @Override
  public void killAll() {
    moving().killAll();
  }

  private GuestWorkbench moving() {
    if (paused) {
      throw new WorkbenchException("workbench `%s` is paused: resume it first".formatted(id()));
    }
    return guest;
  }

  @Override
  public void pause() {
    closing.lock();
    try {
      if (!paused) {
        stop();
        paused = true;
      }
    } finally {
      closing.unlock();
    }
  }

  @Override
  public void resume() {
    closing.lock();
    try {
      if (paused) {
        go();
        paused = false;
      }
    } finally {
      closing.unlock();
    }
  }

  private void stop() {
    guest.hold();
    try {
      outside.pause();
    } catch (IOException e) {
      guest.release();
      throw new WorkbenchException(
          "workbench `%s` could not be paused: %s".formatted(id(), e.getMessage()), e);
    }
  }

  private void go() {
    try {
      outside.resume();
    } catch (IOException e) {
      throw new WorkbenchException(
          "workbench `%s` could not be resumed: %s".formatted(id(), e.getMessage()), e);
    }
    guest.release();
  }

  /**
   * Does something while nothing inside moves. Calls that come meanwhile wait; it cannot be closed.
   *
   * @throws IOException as the work does; the workbench goes on
   * @throws WorkbenchException when it cannot be held still, or does not go on
   */
  public <T> T whileStill(Work<T> work) throws IOException {
    closing.lock();
    try {
      if (paused) {
        return work.run();
      }
      stop();
      try {
        return work.run();
      } finally {
        go();
      }
    } finally {
      closing.unlock();
    }
  }

  /**
   * Does something while the channel is at rest; programs go on. For work that holds them still
   * itself.
   *
   * @throws IOException as the work does; the workbench goes on
   */
  public <T> T whileSilent(Work<T> work) throws IOException {
    closing.lock();
    try {
      if (paused) {
        return work.run();
      }
      guest.hold();
      try {
        return work.run();
      } finally {
        guest.release();
      }
    } finally {
      closing.unlock();
    }
  }

  @Override
  public boolean alive() {
    return paused ? guest.end().isEmpty() : guest.alive();
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
      outside.remove();
      ended = true;
      onClosed.accept(id());
    } catch (IOException e) {
      throw new WorkbenchException(
          "workbench `%s` could not be removed, and is left to the reaper: %s"
              .formatted(id(), e.getMessage()),
          e);
    } finally {
      closing.unlock();
    }
  }
}
