package dev.holdfast.server.workbench;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Placement;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A workbench that lives until somebody removes it. Thread-safe. */
public final class LiveWorkbench {
  private final Workbench workbench;
  private final BackgroundProcesses processes;
  private final CreateRequest request;
  private final Placement placement;
  private final String directory;
  private final SessionFiles files;
  private final Instant created = Instant.now();
  private volatile boolean paused;
  private boolean ended;

  /**
   * @param directory where programs start when nothing else is said
   * @param files what it stands on; removed when it ends
   */
  LiveWorkbench(
      Workbench workbench,
      BackgroundProcesses processes,
      CreateRequest request,
      Placement placement,
      String directory,
      SessionFiles files) {
    this.workbench = workbench;
    this.processes = processes;
    this.request = request;
    this.placement = placement;
    this.directory = directory;
    this.files = files;
  }

  public WorkbenchId id() {
    return workbench.id();
  }

  public Workbench workbench() {
    return workbench;
  }

  public BackgroundProcesses processes() {
    return processes;
  }

  public Optional<String> name() {
    return request.name();
  }

  public Optional<String> repository() {
    return request.repository();
  }

  CreateRequest request() {
    return request;
  }

  SessionFiles files() {
    return files;
  }

  /** What a workbench does. */
  public enum State {
    RUNNING,
    PAUSED,
    GONE
  }

  public State state() {
    if (!workbench.alive()) {
      return State.GONE;
    }
    return paused ? State.PAUSED : State.RUNNING;
  }

  /** Holds everything in it still. Idempotent. */
  public synchronized void pause() {
    workbench.pause();
    paused = true;
  }

  /** Lets it go on. Idempotent. */
  public synchronized void resume() {
    workbench.resume();
    paused = false;
  }

  public Placement placement() {
    return placement;
  }

  public Instant created() {
    return created;
  }

  /** A program where and how programs of this workbench start when nothing else is said. */
  public ExecSpec spec(List<String> argv) {
    return ExecSpec.of(argv, Caps.DEFAULT).withDirectory(directory);
  }

  /** Ends it, with everything in it, and gives up what it stood on. Idempotent. */
  synchronized void end() {
    if (!ended) {
      ended = true;
      workbench.close();
      processes.end();
      files.removal().run();
    }
  }
}
