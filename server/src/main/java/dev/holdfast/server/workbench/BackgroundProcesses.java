package dev.holdfast.server.workbench;

import dev.holdfast.server.ServerException;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Workbench;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** The background processes of one workbench. Thread-safe. */
public final class BackgroundProcesses {
  /** Most in one workbench, those that have ended and are not forgotten included. */
  private static final int MOST = 32;

  private final Workbench workbench;
  private final Semaphore room;
  private final Map<String, BackgroundProcess> processes = new LinkedHashMap<>();
  private int last;
  private boolean ended;

  /**
   * @param room how many more the server has room for
   */
  BackgroundProcesses(Workbench workbench, Semaphore room) {
    this.workbench = workbench;
    this.room = room;
  }

  /**
   * Starts one. Where there are too many, the one that ended first is forgotten for it.
   *
   * @throws ServerException when there are too many that run
   */
  public synchronized BackgroundProcess start(ExecSpec spec) {
    if (processes.size() >= MOST) {
      forgetOneThatEnded();
    }
    if (ended || !room.tryAcquire()) {
      throw new ServerException(
          "no more background processes: the server keeps the output of as many as it can");
    }
    try {
      var id = "p" + ++last;
      var process =
          new BackgroundProcess(
              id, spec.argv(), spec.terminal().isPresent(), workbench.start(spec));
      processes.put(id, process);
      return process;
    } catch (RuntimeException e) {
      room.release();
      throw e;
    }
  }

  private void forgetOneThatEnded() {
    var oldest =
        processes.values().stream()
            .filter(process -> process.end().isPresent())
            .findFirst()
            .orElseThrow(
                () ->
                    new ServerException(
                        "%d background processes run in the workbench already: end one"
                            .formatted(MOST)));
    processes.remove(oldest.id());
    room.release();
  }

  public synchronized List<BackgroundProcess> all() {
    return List.copyOf(processes.values());
  }

  public synchronized Optional<BackgroundProcess> find(String id) {
    return Optional.ofNullable(processes.get(id));
  }

  /** Gives up their places, when the workbench ends and they with it. */
  synchronized void end() {
    ended = true;
    room.release(processes.size());
    processes.clear();
  }
}
